# shellcheck shell=bash disable=SC2034
# Words that every part uses: messages, settings, locks, the identity of a process.

say() { printf 'site: %s\n' "$*" >&2; }
die() {
  say "$*"
  exit 1
}
trap 'say "failed at ${BASH_SOURCE[0]##*/}:$LINENO: $BASH_COMMAND"' ERR

# Name and network of this site: from the environment, else as it was made, else the defaults.
read_settings() {
  local saved_name='' saved_net=''
  if [ -f "$STATE/settings" ]; then read -r saved_name saved_net <"$STATE/settings"; fi
  NAME=${REGPLAY_SITE_NAME:-${saved_name:-rpl}}
  NET=${REGPLAY_SITE_NET:-${saved_net:-10.77.0}}
  [[ $NAME =~ ^[a-z]{2,3}$ ]] || die "REGPLAY_SITE_NAME is '$NAME': two or three lower-case letters are wanted"
  [[ $NET =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || die "REGPLAY_SITE_NET is '$NET': three numbers such as 10.77.0 are wanted"
  if [ -n "$saved_name" ] && [ "$saved_name $saved_net" != "$NAME $NET" ]; then
    die "$STATE belongs to site '$saved_name' ($saved_net), not '$NAME' ($NET): give each site a REGPLAY_SITE_STATE of its own"
  fi
  BRIDGE=${NAME}0
  CHAIN=${NAME^^}
}

# with_lock FILE CMD...: runs CMD while no other process holds FILE. (When CMD fails, the script ends and so does the lock.)
with_lock() {
  local file=$1 fd
  shift
  mkdir -p "${file%/*}"
  exec {fd}>"$file"
  flock "$fd"
  "$@"
  exec {fd}>&-
}

# A process is its id together with its start time, since ids are used again.
start_time() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  stat=${stat##*) }
  # shellcheck disable=SC2086
  set -- $stat
  printf '%s\n' "${20}"
}
record_process() { printf '%s %s\n' "$2" "$(start_time "$2")" >"$1"; }
is_alive() {
  local pid='' started=''
  [ -f "$1" ] && read -r pid started <"$1" || return 1
  [ -n "$started" ] && [ "$(start_time "$pid" || true)" = "$started" ]
}
end_process() {
  local pid='' _
  is_alive "$1" || return 0
  read -r pid _ <"$1"
  kill "-${2:-TERM}" "$pid" 2>/dev/null || true
}

# wait_until SECONDS CMD...: polls CMD; fails when it never succeeded.
wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}

# temp_dir: TEMP is a folder that goes when this script ends.
temp_dir() {
  mkdir -p "$CACHE"
  TEMP=$(mktemp -d "$CACHE/work.XXXXXX")
  trap 'rm -rf "$TEMP"' EXIT
}
