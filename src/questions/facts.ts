import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { raw, type Script, sh } from '../shell/script.ts'

/** The sections of the reply, each the text that some command or file of the target said. */
export type Sections = ReadonlyMap<string, string>

/** What is asked, by the name of its section. Whatever is missing on a host says nothing. */
const COMMANDS: Readonly<Record<string, string>> = {
  uname: 'uname -s; uname -n; uname -r; uname -v; uname -m',
  fqdn: 'hostname -f',
  os: 'cat /etc/os-release || cat /usr/lib/os-release',
  debian: 'cat /etc/debian_version',
  redhat: 'cat /etc/redhat-release',
  lsb: 'cat /etc/lsb-release || command -v lsb_release',
  cpu: 'awk -F\'[ \\t]*:[ \\t]*\' \'/^(processor|vendor_id|model name|physical id|core id|cpu cores|siblings|Processor|Hardware)[ \\t]*:/ { print $1 ":" $2 } /^(flags|Features)[ \\t]*:/ && !f { f = 1; print "flags:" $2 }\' /proc/cpuinfo',
  memory: "grep -E '^(MemTotal|MemFree|Buffers|Cached|SwapTotal|SwapFree|SwapCached):' /proc/meminfo",
  uptime: 'cat /proc/uptime',
  load: 'cat /proc/loadavg',
  mounts: 'awk \'($1 ~ /^[/\\\\]/ || $1 ~ /:[/]/) && $3 != "none"\' /proc/mounts',
  // Of every mount point, also of those that df leaves out: block size, blocks, available ones, inodes, free ones, and its name as /proc writes it.
  room: `awk '($1 ~ /^[/\\\\]/ || $1 ~ /:[/]/) { print $2 }' /proc/mounts | while IFS= read -r m; do p=$(printf %s "$m" | sed 's/%/%%/g'); s=$(stat -f -c '%S %b %a %c %d' "$(printf "$p")") && printf '%s %s\\n' "$s" "$m"; done`,
  binds: 'awk \'$4 != "/" { print $5 }\' /proc/self/mountinfo',
  uuids: 'for l in /dev/disk/by-uuid/*; do [ -e "$l" ] && echo "$(readlink -f "$l") $(basename "$l")"; done',
  blocks:
    '( cd /sys/block && for d in *; do [ -e "$d/size" ] || continue; echo "disk|$d|$(cat "$d/size")|$(cat "$d/removable")|$(cat "$d/queue/rotational")|$(cat "$d/queue/logical_block_size")|$(cat "$d/device/vendor")"; for p in "$d"/*/partition; do [ -e "$p" ] || continue; p=$(dirname "$p"); echo "part|$(basename "$p")|$(cat "$p/size")|$(cat "$p/start")"; done; done )',
  addresses: 'ip -o addr show',
  links: 'ip -o link show',
  // Name, key and value of what only some cards have.
  cards:
    'for d in /sys/class/net/*; do n=$(basename "$d"); [ -e "$d/device" ] && echo "$n pciid $(basename "$(readlink "$d/device")")"; [ -e "$d/device/driver/module" ] && echo "$n module $(basename "$(readlink -f "$d/device/driver/module")")"; [ -d "$d/bridge" ] && { echo "$n id $(cat "$d/bridge/bridge_id")"; echo "$n stp $(cat "$d/bridge/stp_state")"; echo "$n interfaces $(ls "$d/brif" | tr "\\n" " ")"; }; [ -d "$d/bonding" ] && for k in slaves mode miimon lacp_rate primary all_slaves_active; do echo "$n $k $(cat "$d/bonding/$k")"; done; [ -d "$d/bonding_slave" ] && echo "$n perm_macaddress $(cat "$d/bonding_slave/perm_hwaddr")"; done',
  speeds: 'for d in /sys/class/net/*; do echo "$(basename "$d") $(cat "$d/speed")"; done',
  route4: 'ip -4 route show default',
  route6: 'ip -6 route show default',
  resolv: 'cat /etc/resolv.conf',
  environment: 'env -0 || env',
  time: "date +%s; date '+%Y|%m|%d|%H|%M|%S|%A|%u|%W|%Z|%z'; date -u '+%Y-%m-%dT%H:%M:%SZ'; date -d @1704067200 '+%Z %z'; date -d @1719792000 '+%Z %z'",
  user: 'id -un; id -u; id -g; id -r -u; id -r -g',
  passwd: 'u=$(id -un); { getent passwd "$u" || grep "^$u:" /etc/passwd; } | head -n 1',
  init: 'cat /proc/1/comm; [ -d /run/systemd/system ] && echo systemd',
  cmdline: 'cat /proc/cmdline',
  selinux:
    'getenforce; cat /sys/fs/selinux/policyvers; sed -n "s/^SELINUX\\(TYPE\\)\\{0,1\\}=/&/p" /etc/selinux/config',
  apparmor: '[ -d /sys/kernel/security/apparmor ] && echo enabled || echo disabled',
  chroot:
    'a=$(stat -L -c %d:%i /) && b=$(stat -L -c %d:%i /proc/1/root/.) && { [ "$a" = "$b" ] && echo no || echo yes; }',
  fips: 'cat /proc/sys/crypto/fips_enabled',
  cgroup: 'cat /proc/1/cgroup',
  container:
    "tr '\\0' '\\n' </proc/1/environ | sed -n 's/^container=/environment /p'; sed 's/^/systemd /' /run/systemd/container; { [ -e /.dockerenv ] || [ -e /.dockerinit ]; } && echo file docker; [ -e /run/.containerenv ] && echo file podman; :",
  virt: "[ -e /proc/xen ] && { grep -q control_d /proc/xen/capabilities && echo xen host || echo xen guest; }; sed -n -E 's/^(kvm|vboxdrv|virtio) .*/module \\1/p' /proc/modules; [ -e /dev/kvm ] && echo device kvm; :",
  capabilities: 'capsh --print',
  hostnqn: 'cat /etc/nvme/hostnqn',
  iscsi: 'cat /etc/iscsi/initiatorname.iscsi',
  fibre: 'cat /sys/class/fc_host/*/port_name',
  dmi: 'for f in sys_vendor product_name product_family product_version product_serial product_uuid bios_vendor bios_version bios_date board_vendor board_name board_asset_tag board_serial board_version chassis_vendor chassis_asset_tag chassis_serial chassis_version chassis_type; do echo "$f $(cat /sys/class/dmi/id/$f)"; done',
  machine: 'cat /etc/machine-id',
  python: "python3 -c 'import sys; print(*sys.version_info, sys.executable, sys.implementation.name)'",
  systemd: 'systemctl --version',
  keys: 'for f in /etc/ssh/ssh_host_*_key.pub; do cat "$f"; done',
}

/**
 * Facts that the host keeps itself: files as they are, programs by what they say and how they end, links that lead nowhere. Each begins with
 * its path, and after \\037 the status of a program, or `gone`.
 */
const local = (path: string): Script =>
  sh`for f in ${path}/*.fact; do if [ ! -e "$f" ]; then [ -L "$f" ] && printf '\\036%s\\037gone\\n' "$f"; elif [ -f "$f" ] && [ -x "$f" ]; then o=$("$f"); c=$?; printf '\\036%s\\037%s\\n%s\\n' "$f" "$c" "$o"; elif [ -f "$f" ]; then printf '\\036%s\\037\\n' "$f"; cat "$f"; fi; done`

const SEPARATOR = '\x1d'

const section = (name: string, command: string): string =>
  `printf '\\035${name}\\n'; { ${command}; } 2>/dev/null </dev/null`

const SCRIPT = Object.entries(COMMANDS)
  .map(([name, command]) => section(name, command))
  .join('\n')

/** Everything that facts are made of, in one script; `factPath` is the directory of the host's own facts. */
export const everything = (factPath: string): TargetQuestion<Sections> =>
  ask(raw(`export LC_ALL=C; ${SCRIPT}\n${section('local', local(factPath).wire)}\n:`), ['everything'], answer => {
    const sections = new Map<string, string>()
    for (const part of answer.stdout.split(SEPARATOR).slice(1)) {
      const end = part.indexOf('\n')
      sections.set(part.slice(0, end), part.slice(end + 1))
    }
    if (!sections.has('uname')) throw new CouldNotTell(`the host tells nothing of itself: ${answer.stderr.trim()}`)
    return sections
  })
