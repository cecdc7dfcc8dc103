import { raw, type Script, sh } from '../shell/script.ts'

/**
 * The daemon tells a container's mounts in an order by chance, and the same question must have the same reply twice. The
 * indentation of the reply says where each mount begins and ends, for a text in JSON has no line end of its own.
 */
const SORTED = raw(
  `awk '/^        "Mounts": \\[$/ { print; on = 1; n = 0; one = ""; next }
on && /^        \\]/ {
  for (i = 1; i < n; i++) for (j = i; j > 0 && all[j] < all[j - 1]; j--) { t = all[j]; all[j] = all[j - 1]; all[j - 1] = t }
  for (i = 0; i < n; i++) print all[i] "            }" (i < n - 1 ? "," : "")
  on = 0; print; next
}
on && /^            [}]/ { all[n++] = one; one = ""; next }
on { one = one $0 "\\n"; next }
{ print }'`,
)

/** `docker container inspect` with the mounts in order. */
export const inspectContainer = (docker: Script, name: string): Script =>
  sh`( said=$(${docker} container inspect -- ${name}) || { code=$?; printf '%s\\n' "$said"; exit "$code"; }
if command -v awk >/dev/null; then printf '%s\\n' "$said" | ${SORTED}; else printf '%s\\n' "$said"; fi )`
