# shellcheck shell=bash
# A small file system of its own for a host's /srv, for tests of a full disk.

# host_disk NAME SIZE|off: as a new disk it is empty; the host is rebooted when it runs.
host_disk() {
  local name=$1 size=${2:?usage: site disk NAME SIZE|off} dir runs=''
  dir=$(host_dir "$name")
  [[ $size == off || $size =~ ^[0-9]+[KMG]?$ ]] || die "'$size' is no size such as 64M"
  if host_runs "$name"; then runs=yes; host_stop "$name"; fi
  rm -f "$dir/disk.img"
  if [ "$size" != off ]; then
    truncate -s "$size" "$dir/disk.new"
    mkfs.ext4 -q -F -m 0 "$dir/disk.new"
    mv "$dir/disk.new" "$dir/disk.img"
  fi
  if [ -n "$runs" ]; then host_start "$name"; hosts_wait "$name"; fi
}
