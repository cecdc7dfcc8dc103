# shellcheck shell=bash
# What all sites on this machine share: packages, kernel settings, the cgroup tree.

RUN=/run/regplay-site

# package:file pairs; a package is installed when its file is missing.
NEEDED="debootstrap:/usr/sbin/debootstrap systemd-container:/usr/bin/systemd-nspawn iproute2:/usr/bin/ip
iptables:/usr/sbin/iptables openssh-client:/usr/bin/ssh skopeo:/usr/bin/skopeo
ca-certificates:/etc/ssl/certs/ca-certificates.crt debian-archive-keyring:/usr/share/keyrings/debian-archive-keyring.gpg
procps:/usr/sbin/sysctl mount:/usr/bin/mount e2fsprogs:/usr/sbin/mkfs.ext4 passwd:/usr/sbin/chpasswd"

need_packages() {
  local pair missing=()
  for pair in $NEEDED; do
    [ -e "${pair#*:}" ] || [ -e "/bin/${pair##*/}" ] || [ -e "/sbin/${pair##*/}" ] || missing+=("${pair%%:*}")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  with_lock "$CACHE/need.lock" install_packages "${missing[@]}"
}

install_packages() {
  say "installing $*"
  apt-get -qq update </dev/null >"$CACHE/need.log" 2>&1 || die "apt-get update failed: $(tail -n 5 "$CACHE/need.log")"
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq -y --no-install-recommends install "$@" \
    </dev/null >"$CACHE/need.log" 2>&1 || die "apt-get install failed: $(tail -n 5 "$CACHE/need.log")"
}

# Kernel settings are changed by the first site and restored by the last.
machine_join() { with_lock "$RUN/lock" machine_join_locked; }
machine_join_locked() {
  mkdir -p "$RUN/sites"
  if [ ! -f "$RUN/before" ]; then
    sysctl net.ipv4.ip_forward fs.inotify.max_user_instances >"$RUN/before.new"
    mv "$RUN/before.new" "$RUN/before"
  fi
  : >"$RUN/sites/$NAME"
  sysctl -q net.ipv4.ip_forward=1
  # 128 instances would be shared by the root users of all hosts
  [ "$(sysctl -n fs.inotify.max_user_instances)" -ge 1024 ] || sysctl -q fs.inotify.max_user_instances=1024
  if [ -z "$(cgroup_root)" ]; then
    mkdir -p /sys/fs/cgroup/unified
    mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified
    : >"$RUN/cgroup-mounted"
  fi
}

machine_leave() { with_lock "$RUN/lock" machine_leave_locked; }
machine_leave_locked() {
  rm -f "$RUN/sites/$NAME"
  rmdir "$RUN/sites" 2>/dev/null || return 0
  if [ -f "$RUN/before" ]; then sysctl -q -p "$RUN/before"; fi
  # the mount point stays: removing it would detach the mount in every namespace
  if [ -f "$RUN/cgroup-mounted" ]; then umount /sys/fs/cgroup/unified || true; fi
  rm -rf "$RUN"
}

cgroup_root() {
  local dir
  for dir in /sys/fs/cgroup/unified /sys/fs/cgroup; do
    if [ "$(stat -fc %T "$dir" 2>/dev/null || true)" = cgroup2fs ]; then
      printf '%s\n' "$dir"
      return
    fi
  done
}

# cgroup_enter PART: this process, and all that it starts, counts as part of the site.
cgroup_enter() {
  local dir
  dir=$(cgroup_root)/$NAME/$1
  mkdir -p "$dir"
  echo "$BASHPID" >"$dir/cgroup.procs"
}

# cgroup_end [PART]: ends every process of the part (of the site), which were all started by it.
cgroup_end() {
  local root dir
  root=$(cgroup_root)
  dir=$root/$NAME${1:+/$1}
  [ -n "$root" ] && [ -d "$dir" ] || return 0
  echo 1 >"$dir/cgroup.kill"
  wait_until 20 grep -q 'populated 0' "$dir/cgroup.events" || die "processes of $dir do not end"
  find "$dir" -depth -type d -exec rmdir {} +
}
