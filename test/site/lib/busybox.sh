# shellcheck shell=bash
# A host with BusyBox only, as Boot2Docker is one: its init, dropbear, sftp-server and sudo; no bash, Python, systemd or apt.
# What is not BusyBox is taken, with the libraries that it needs, from a Debian root filesystem into which it is installed.

build_busybox() { busybox_build "$1" base; }
build_busybox_docker() { busybox_build "$1" docker; }

busybox_build() {
  local dir=$1 from=$2 source=$1/source tree=$1/layer
  layer_on "$from" "$source"
  debian_apt "$source/root"
  apt_in "$source/root" --no-install-recommends install busybox-static dropbear-bin openssh-sftp-server
  mkdir -p "$tree/bin" "$tree/sbin" "$tree/usr/bin" "$tree/usr/sbin" "$tree/usr/lib"
  busybox_take "$source/root" "$tree" /bin/busybox /usr/sbin/dropbear /usr/bin/dropbearkey /usr/bin/sudo \
    /usr/libexec/sudo/sudoers.so /usr/lib/sftp-server /lib/x86_64-linux-gnu/security/pam_{unix,deny,permit}.so
  # Docker is on the local path before the applets are linked, so that none of its files is one of them
  if [ "$from" = docker ]; then busybox_docker "$source/root" "$tree"; fi
  chroot "$tree" /bin/busybox --install -s
  # no package manager is what makes this host interesting
  rm -f "$tree"/{bin,sbin,usr/bin,usr/sbin}/{dpkg,dpkg-deb,rpm}
  busybox_etc "$source/root" "$tree"
  umount -R "$source/root"
  rm -rf "$source"
  mkdir -p "$tree/proc" "$tree/sys" "$tree/dev" "$tree/run" "$tree/srv" "$tree/mnt" "$tree/opt" "$tree/var" "$dir/var"
  mkdir -p "$dir/var/log" "$dir/var/lib" "$dir/var/spool/cron/crontabs"
  install -d -m 1777 "$tree/tmp" "$dir/var/tmp"
  ln -s ../run "$dir/var/run"
  ln -s ../run/lock "$dir/var/lock"
}

# busybox_take ROOT TREE FILE...: the files and the libraries that they load.
busybox_take() {
  local root=$1 tree=$2 file
  shift 2
  for file; do
    printf '%s\n' "$file"
    chroot "$root" ldd "$file" 2>/dev/null | grep -oE '/[^ ]+' | grep -v ':' || true
  done | sort -u | while read -r file; do
    [ -e "$tree$file" ] || (cd "$root" && cp -pL --parents ".$file" "$tree/")
  done
}

busybox_docker() {
  local root=$1 tree=$2 name
  busybox_take "$root" "$tree" /usr/sbin/dockerd /usr/bin/docker /usr/sbin/docker-proxy /usr/bin/docker-init \
    /usr/bin/containerd /usr/bin/containerd-shim-runc-v2 /usr/bin/ctr /usr/sbin/runc /usr/sbin/xtables-nft-multi
  (cd "$root" && cp -a --parents usr/lib/x86_64-linux-gnu/xtables "$tree/")
  for name in iptables ip6tables iptables-save iptables-restore ip6tables-save ip6tables-restore; do
    ln -s xtables-nft-multi "$tree/usr/sbin/$name"
  done
  install -d "$tree/etc/init.d"
  cat >"$tree/etc/init.d/docker" <<'SH'
#!/bin/sh
pid=/var/run/docker.pid
case $1 in
  start)
    ulimit -n 1048576 2>/dev/null
    start-stop-daemon -S -b -q -x /usr/sbin/dockerd -p "$pid" -- -p "$pid" >>/var/log/docker.log 2>&1 ;;
  stop)
    start-stop-daemon -K -q -p "$pid"
    i=0; while [ -e "$pid" ] && [ $i -lt 30 ]; do sleep 1; i=$((i+1)); done ;;
  restart) "$0" stop; "$0" start ;;
  status) [ -e "$pid" ] && kill -0 "$(cat "$pid")" 2>/dev/null ;;
  *) echo "usage: $0 start|stop|restart|status" >&2; exit 2 ;;
esac
SH
  chmod 755 "$tree/etc/init.d/docker"
}

busybox_etc() {
  local root=$1 etc=$2/etc
  mkdir -p "$etc/init.d" "$etc/pam.d" "$etc/dropbear"
  cat >"$etc/inittab" <<'SH'
::sysinit:/etc/init.d/rcS
::respawn:/sbin/syslogd -n
::respawn:/usr/sbin/dropbear -F
::ctrlaltdel:/sbin/reboot
::shutdown:/etc/init.d/rcK
SH
  cat >"$etc/init.d/rcS" <<'SH'
#!/bin/sh
mkdir -p /run/lock
chmod 1777 /run/lock
[ ! -x /etc/init.d/docker ] || /etc/init.d/docker start
SH
  cat >"$etc/init.d/rcK" <<'SH'
#!/bin/sh
[ ! -x /etc/init.d/docker ] || /etc/init.d/docker stop
SH
  chmod 755 "$etc/init.d/rcS" "$etc/init.d/rcK"
  printf 'NAME="BusyBox host"\nID=busybox\nPRETTY_NAME="BusyBox host"\n' >"$etc/os-release"
  printf 'export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n' >"$etc/profile"
  printf '/bin/sh\n/bin/ash\n' >"$etc/shells"
  printf 'passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n' >"$etc/nsswitch.conf"
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n' >"$etc/passwd"
  printf 'admin:x:1000:1000::/home/admin:/bin/sh\noperator:x:1001:100::/home/operator:/bin/sh\n' >>"$etc/passwd"
  printf 'root:x:0:\nusers:x:100:\nnogroup:x:65534:\nadmin:x:1000:\ndocker:x:990:\n' >"$etc/group"
  { printf '%s:*:19000:0:99999:7:::\n' root nobody admin; grep '^operator:' "$root/etc/shadow"; } >"$etc/shadow"
  chmod 640 "$etc/shadow"
  cp -p "$root/etc/sudoers" "$etc/sudoers"
  write_sudoers "$2"
  printf 'auth required pam_unix.so\naccount required pam_unix.so\nsession required pam_permit.so\n' >"$etc/pam.d/sudo"
  printf 'auth required pam_deny.so\naccount required pam_deny.so\nsession required pam_deny.so\n' >"$etc/pam.d/other"
}

# busybox_keys DIR: dropbear's host keys, and their public halves in keys/. (Its own program writes them: no chroot is needed.)
busybox_keys() {
  local tree type file
  tree=$(cut -d: -f1 "$1/lowers")
  mkdir -p "$1/keys" "$1/upper/etc/dropbear"
  for type in ed25519 ecdsa rsa; do
    file=$1/upper/etc/dropbear/dropbear_${type}_host_key
    "$tree/lib64/ld-linux-x86-64.so.2" --library-path "$tree/lib/x86_64-linux-gnu" "$tree/usr/bin/dropbearkey" \
      -t "$type" -f "$file" 2>/dev/null | grep -E '^(ssh|ecdsa)-' >"$1/keys/ssh_host_${type}_key.pub"
  done
}
