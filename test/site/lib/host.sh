# shellcheck shell=bash
# The life of a host: made, booted by a supervisor, stopped, removed. Everything of it is in STATE/hosts/NAME.

host_dir() { printf '%s/hosts/%s\n' "$STATE" "$1"; }
host_names() {
  local dir
  for dir in "$STATE"/hosts/*/; do
    dir=${dir%/}
    [[ $dir == *.part ]] || printf '%s\n' "${dir##*/}"
  done
}
host_ip() { cat "$(host_dir "$1")/ip"; }
host_runs() { is_alive "$(host_dir "$1")/supervisor"; }
host_must_exist() {
  [ -n "${1-}" ] || die 'the name of a host is wanted'
  [ -d "$(host_dir "$1")" ] || die "there is no host '$1' in $STATE"
}

# hosts_up KIND [--docker] [--python] [--ansible] [N|NAME...]
hosts_up() {
  local kind=$1 docker='' python='' ansible='' names=() variant name i
  shift
  for name; do
    case $name in
      --docker) docker=docker ;;
      --python) python=python ;;
      --ansible) ansible=ansible ;;
      *[!0-9]*)
        [[ $name =~ ^[a-z][a-z0-9-]{0,14}$ ]] || die "'$name' is no name for a host"
        names+=("$name")
        ;;
      *) for ((i = 1; i <= name; i++)); do names+=("h$i"); done ;;
    esac
  done
  [ "$kind" = debian ] || [ "${#names[@]}" -gt 0 ] || die 'usage: site up-busybox NAME [--docker]'
  [ "${#names[@]}" -gt 0 ] || names=(h1 h2 h3)
  case $kind:$ansible$python:$docker in
    debian::) variant=base ;;
    debian:python:) variant=python ;;
    debian::docker) variant=docker ;;
    debian:python:docker) variant=python_docker ;;
    debian:ansible*) variant=ansible ;;
    busybox::) variant=busybox ;;
    busybox::docker) variant=busybox_docker ;;
    *) die 'a BusyBox host has no Python' ;;
  esac
  mirror_load
  machine_join
  cgroup_enter up # so that `down` ends what a killed `up` left running
  access_prepare
  printf '%s %s\n' "$NAME" "$NET" >"$STATE/settings"
  net_up
  cache_need "$variant"
  with_lock "$STATE/lock" hosts_make "$variant" "${names[@]}"
  access_write
  for name in "${names[@]}"; do host_runs "$name" || host_launch "$name"; done
  hosts_wait "${names[@]}"
  hosts_introduce
}

# Makes those that do not run, side by side; one that lost its power is made anew.
hosts_make() {
  local variant=$1 name jobs=() job
  shift
  for name; do
    if host_runs "$name"; then
      [ "$(cat "$(host_dir "$name")/variant")" = "$variant" ] ||
        die "$name runs already, as '$(cat "$(host_dir "$name")/variant")', not '$variant': first do: site down $name"
      continue
    fi
    host_remove "$name"
    mkdir -p "$(host_dir "$name").part"
    host_address "$name" >"$(host_dir "$name").part/ip"
  done
  for name; do
    host_runs "$name" && continue
    host_make "$name" "$variant" &
    jobs+=("$!")
  done
  for job in "${jobs[@]}"; do wait "$job" || die 'a host could not be made'; done
}

# hN has address 10+N; others get the next free one from 101.
host_address() {
  local last=101
  if [[ $1 =~ ^h([1-9][0-9]?)$ ]] && [ "${BASH_REMATCH[1]}" -lt 90 ]; then
    last=$((10 + BASH_REMATCH[1]))
  else
    # Not of a pipe: a grep that has found ends what still writes to it, and then the pipe counts as failed.
    while grep -qxF "$NET.$last" /dev/null "$STATE"/hosts/*/ip; do last=$((last + 1)); done
  fi
  printf '%s.%s\n' "$NET" "$last"
}

host_make() {
  local name=$1 variant=$2 dir upper
  dir=$(host_dir "$name").part
  upper=$dir/upper
  mkdir -p "$upper/etc" "$dir/work" "$dir/root" "$dir/srv" "$upper/root"
  chmod 755 "$upper" "$upper/etc" "$dir/srv"
  printf '%s\n' "$variant" >"$dir/variant"
  cp "$(cache_dir "$variant")/lowers" "$dir/lowers"
  cp -a "$(cache_dir "$variant")/var" "$dir/var"
  tr -d - </proc/sys/kernel/random/uuid >"$upper/etc/machine-id"
  printf '%s\n' "$name" >"$upper/etc/hostname"
  resolvers | sed 's/^/nameserver /' >"$upper/etc/resolv.conf"
  host_hosts "$name" >"$upper/etc/hosts"
  mkdir -p "$upper/home/admin" "$upper/home/operator"
  authorize "$upper/root" 0:0
  authorize "$upper/home/admin" 1000:1000
  authorize "$upper/home/operator" 1001:100
  case $variant in
    busybox*) busybox_keys "$dir" ;;
    *) host_keys "$dir/keys" "$name"; debian_files "$name" "$upper" ;;
  esac
  mv -T "$dir" "$(host_dir "$name")"
}

host_hosts() {
  local i
  printf '127.0.0.1 localhost\n127.0.1.1 %s\n::1 localhost ip6-localhost ip6-loopback\n' "$1"
  for i in 1 2 3 4 5 6 7 8 9; do printf '%s.%s h%s\n' "$NET" "$((10 + i))" "$i"; done
  mirror_hosts_lines
}

# Running hosts learn the names that no rule gives.
hosts_introduce() {
  local name pid other
  for name in $(host_names); do
    pid=$(host_leader "$name") || continue
    for other in $(host_names); do
      [[ $other =~ ^h[1-9]$ || $other == "$name" ]] && continue
      grep -q "[[:space:]]$other\$" "/proc/$pid/root/etc/hosts" ||
        printf '%s %s\n' "$(host_ip "$other")" "$other" >>"/proc/$pid/root/etc/hosts"
    done
  done
}

# The host's PID 1, by its number on this machine.
host_leader() {
  local box pid
  box=$(cgroup_root)/$NAME/$1/box
  [ -d "$box" ] || return 1
  while read -r pid; do
    if [[ "$(grep NSpid "/proc/$pid/status" 2>/dev/null || true)" =~ ^NSpid:[[:space:]]+[0-9]+[[:space:]]+1$ ]]; then
      printf '%s\n' "$pid"
      return
    fi
  done < <(find "$box" -name cgroup.procs -exec cat {} + 2>/dev/null)
  return 1
}

host_launch() {
  local dir
  dir=$(host_dir "$1")
  (
    cgroup_enter "$1"
    exec setsid unshare --mount --propagation slave "$SITE" __run "$1"
  ) </dev/null >>"$dir/console.log" 2>&1 &
  disown
}

# The supervisor: boots the host, and again when the host reboots itself (nspawn then ends with 133).
host_supervise() {
  local name=$1 dir ip rc=133
  dir=$(host_dir "$name")
  ip=$(host_ip "$name")
  cd "$dir" || exit
  record_process supervisor "$$"
  mount -t overlay overlay -o "lowerdir=$(cat lowers),upperdir=upper,workdir=work" root
  [ ! -f disk.img ] || mount -o loop disk.img srv
  mount --bind var root/var
  mount --bind srv root/srv
  while [ "$rc" = 133 ]; do
    net_attach "$dir/netns" "$ip"
    rc=0
    ( host_boot "$name" "$dir" ) || rc=$?
    net_detach "$dir/netns" "$ip"
  done
  say "$name is off ($rc)"
}

# Why each of these is needed stands in README.md.
host_boot() {
  local signal=SIGRTMIN+4
  case $(cat "$2/variant") in busybox*) signal=SIGUSR2 ;; esac
  cgroup_enter "$1/box"
  exec env -i PATH="$PATH" \
    UNIFIED_CGROUP_HIERARCHY=1 SYSTEMD_NSPAWN_API_VFS_WRITABLE=network SYSTEMD_SECCOMP=0 SYSTEMD_NSPAWN_TMPFS_TMP=0 \
    systemd-nspawn --quiet --boot --directory="$2/root" --machine="$NAME-$1" --hostname="$1" --register=no --keep-unit \
    --network-namespace-path="$2/netns" --capability=all --drop-capability=CAP_SYS_TIME,CAP_SYS_MODULE \
    --private-users=no --link-journal=no --resolv-conf=off --timezone=off --console=read-only --kill-signal="$signal"
}

# hosts_wait NAME...: until each lets its users in.
hosts_wait() {
  local name jobs=() job
  for name; do
    wait_until 60 host_answers "$name" &
    jobs+=("$!:$name")
  done
  for job in "${jobs[@]}"; do
    wait "${job%%:*}" || die "${job#*:} does not answer; its console: $(tail -n 5 "$(host_dir "${job#*:}")/console.log")"
  done
}
host_answers() {
  local _
  { read -r -t 2 _ <"/dev/tcp/$(host_ip "$1")/22"; } 2>/dev/null || return 1
  ssh -F "$STATE/ssh/config" -o ConnectTimeout=5 "$1" true </dev/null >/dev/null 2>&1
}

host_start() {
  ! host_runs "$1" || die "$1 runs already"
  cgroup_end "$1"
  mirror_load
  machine_join
  net_up
  host_launch "$1"
  wait_until 10 host_runs "$1" || die "$1 does not start: $(tail -n 5 "$(host_dir "$1")/console.log")"
}

# As by the power button, or, with --hard, by the plug.
host_stop() {
  local tries=0
  if [ "${2-}" != --hard ]; then
    # pressed again now and then: a host that is just booting does not listen yet
    until host_is_off "$1"; do
      [ "$((tries++))" -lt 18 ] || die "$1 does not shut down in 90 s; --hard pulls the plug"
      host_press "$1"
      wait_until 5 host_is_off "$1" || true
    done
  fi
  host_kill "$1"
}
host_press() {
  local pid
  pid=$(host_leader "$1") || return 0
  case $(cat "$(host_dir "$1")/variant") in
    busybox*) kill -USR2 "$pid" ;;
    *) kill -RTMIN+4 "$pid" ;;
  esac
}
host_is_off() { ! host_runs "$1"; }

host_reboot() {
  host_stop "$@"
  host_start "$1"
  hosts_wait "$1"
}

# The box first: its supervisor then sees it end, and ends too.
host_kill() {
  cgroup_end "$1/box"
  wait_until 5 host_is_off "$1" || true
  cgroup_end "$1"
  [ ! -f "$(host_dir "$1")/ip" ] || ip link del "$(net_link "$(host_ip "$1")")" 2>/dev/null || true
}

host_remove() {
  host_kill "$1"
  rm -rf "$(host_dir "$1")" "$(host_dir "$1").part"
  rm -rf "/run/systemd/nspawn/propagate/$NAME-$1" "/run/systemd/nspawn/unix-export/$NAME-$1"
}

site_status() {
  local name state
  for name in $(host_names); do
    state=off
    ! host_runs "$name" || state=on
    printf '%-12s %-15s %-14s %s\n' "$name" "$(host_ip "$name")" "$(cat "$(host_dir "$name")/variant")" "$state"
  done
}

# site_down [NAME...]: idempotent, and right after `up` was killed at any moment.
site_down() {
  local name jobs=()
  if [ $# -gt 0 ]; then
    for name; do
      [ ! -f "$(host_dir "$name")/ip" ] || net_heal "$name"
      host_remove "$name"
    done
    access_write
    return
  fi
  cgroup_end up
  cgroup_end build
  for name in "$STATE"/hosts/*/; do
    name=${name%/}
    name=${name##*/}
    host_remove "${name%.part}" &
    jobs+=("$!")
  done
  for name in "${jobs[@]}"; do wait "$name" || die 'a host could not be removed'; done
  cgroup_end ''
  net_down
  machine_leave
  rm -rf "$STATE/hosts" "$STATE/ssh" "$STATE/settings" "$STATE/lock"
  rmdir "$STATE" 2>/dev/null || true
}
