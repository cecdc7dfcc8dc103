# shellcheck shell=bash
# Root filesystems made once for all sites: CACHE/VARIANT-RECIPE holds layer/ (a read-only overlay layer), var/ (copied for
# each host) and lowers (the layers below, topmost first). Built under a temporary name, so that a half-built one never counts.

RECIPE=1 # raise it when a build below changes what it builds

cache_dir() { printf '%s/%s-%s\n' "$CACHE" "$1" "$RECIPE"; }

# cache_need VARIANT: builds it when missing, as a part of the site so that `down` ends a build that was left behind.
cache_need() {
  [ -d "$(cache_dir "$1")" ] && return
  say "building the root filesystem '$1' (once)"
  (
    cgroup_enter build
    exec unshare --mount --propagation private "$SITE" __build "$1"
  ) </dev/null || die "building '$1' failed: $(tail -n 8 "$CACHE/$1.log")"
}

cache_build_locked() { with_lock "$CACHE/build.lock" cache_build_all "$1"; }
cache_build_all() {
  rm -rf "$CACHE"/*.part
  mirror_load
  cache_build "$1"
}
cache_build() {
  local target temp
  target=$(cache_dir "$1")
  [ -d "$target" ] && return
  temp=$target.part
  mkdir -p "$temp"
  mount --bind "$temp" "$temp"
  "build_$1" "$temp" >"$CACHE/$1.log" 2>&1
  printf '%s/layer\n' "$target" >"$temp/lowers"
  if [ -f "$temp/parent" ]; then
    paste -d: "$temp/lowers" "$(cache_dir "$(cat "$temp/parent")")/lowers" >"$temp/lowers.new"
    mv "$temp/lowers.new" "$temp/lowers"
  fi
  umount -R "$temp"
  mv -T "$temp" "$target"
}

# layer_on PARENT DIR: DIR/root becomes a root filesystem to change; DIR/layer gathers what changes outside of /var.
layer_on() {
  local parent
  cache_build "$1"
  parent=$(cache_dir "$1")
  mkdir -p "$2/layer" "$2/work" "$2/root"
  printf '%s\n' "$1" >"$2/parent"
  cp -a "$parent/var" "$2/var"
  mount -t overlay overlay -o "lowerdir=$(cat "$parent/lowers"),upperdir=$2/layer,workdir=$2/work" "$2/root"
  mount --bind "$2/var" "$2/root/var"
}

layer_done() {
  umount -R "$1/root"
  rm -rf "$1/root" "$1/work"
}

# apt_in ROOT ARGS...: apt-get inside a root filesystem, without starting any service.
apt_in() {
  local root=$1
  shift
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  chroot "$root" apt-get -qq update
  DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get -qq -y -o DPkg::Options::=--force-unsafe-io "$@"
  apt_clean "$root"
}

# As a cloud image is: no package lists, no archives.
apt_clean() {
  rm -f "$1/usr/sbin/policy-rc.d" "$1"/var/cache/apt/*.bin "$1"/var/cache/apt/archives/*.deb
  find "$1/var/lib/apt/lists" -type f -delete
}

cache_purge() {
  local others=("$RUN"/sites/*)
  [ "${#others[@]}" = 0 ] || die "other sites use the cache: ${others[*]##*/}"
  rm -rf "$CACHE"
}
