# shellcheck shell=bash
# Images, as `docker save` would write them. The registry: Debian's docker-registry and BusyBox, with the paths, the
# entrypoint, the volume and the port of the official image. Nothing of it is installed on this machine. Same bytes every time.

# deb_files PACKAGE: unpacks the Debian package into the cache, without installing it, and prints where.
deb_files() {
  local dir=$CACHE/$1-deb
  [ -d "$dir" ] || with_lock "$CACHE/deb.lock" deb_fetch "$1" "$dir"
  printf '%s\n' "$dir"
}
deb_fetch() {
  local package=$1 dir=$2
  [ -d "$dir" ] && return
  rm -rf "$dir.part"
  install -d -m 777 "$dir.part/deb" # apt fetches as a user of its own
  cd "$dir.part/deb" || exit
  apt-get -qq download "$package" >"$CACHE/deb.log" 2>&1 ||
    { apt-get -qq update && apt-get -qq download "$package"; } >"$CACHE/deb.log" 2>&1 ||
    die "$package cannot be fetched: $(tail -n 5 "$CACHE/deb.log")"
  dpkg-deb -x ./*.deb ..
  cd / || exit
  rm -rf "$dir.part/deb"
  mv -T "$dir.part" "$dir"
}
registry_program() { printf '%s/usr/bin/docker-registry\n' "$(deb_files docker-registry)"; }

# Tars without a trace of when and by whom they were made.
plain_tar() { tar --sort=name --mtime=@1700000000 --owner=0 --group=0 --numeric-owner --format=ustar "$@"; }

# A root filesystem with BusyBox and its applets.
busybox_rootfs() {
  local applet busybox
  busybox=$(deb_files busybox-static)/bin/busybox
  mkdir -p "$1/bin" "$1/etc" "$1/root" "$1/tmp" "$1/var"
  chmod 1777 "$1/tmp"
  for applet in $("$busybox" --list); do
    [ "$applet" = busybox ] || ln -s busybox "$1/bin/$applet"
  done
  cp "$busybox" "$1/bin/busybox"
  printf 'root:x:0:0:root:/root:/bin/sh\n' >"$1/etc/passwd"
  printf 'root:x:0:\n' >"$1/etc/group"
}

registry_rootfs() {
  local root=$1 program=$2 lib
  busybox_rootfs "$root"
  mkdir -p "$root/etc/docker/registry" "$root/etc/ssl/certs" "$root/var/lib/registry"
  cp "$program" "$root/bin/registry"
  ldd "$program" | grep -oE '/[^ ]+' | while read -r lib; do
    mkdir -p "$root${lib%/*}"
    cp -L "$lib" "$root$lib"
  done
  cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  cat >"$root/etc/docker/registry/config.yml" <<'YAML'
version: 0.1
log:
  fields:
    service: registry
storage:
  cache:
    blobdescriptor: inmemory
  filesystem:
    rootdirectory: /var/lib/registry
http:
  addr: :5000
  headers:
    X-Content-Type-Options: [nosniff]
health:
  storagedriver:
    enabled: true
    interval: 10s
    threshold: 3
YAML
  cat >"$root/entrypoint.sh" <<'SH'
#!/bin/sh

set -e

case "$1" in
    *.yaml|*.yml) set -- registry serve "$@" ;;
    serve|garbage-collect|help|-*) set -- registry "$@" ;;
esac

exec "$@"
SH
  chmod 755 "$root/entrypoint.sh" "$root/bin/registry"
}

# make_image FILE
make_image() {
  local file=${1:?usage: site image FILE} program
  program=$(registry_program)
  temp_dir
  registry_rootfs "$TEMP/root" "$program"
  pack_image "$file" registry:2 '"Entrypoint":["/entrypoint.sh"],"Cmd":["/etc/docker/registry/config.yml"],"ExposedPorts":{"5000/tcp":{}},"Volumes":{"/var/lib/registry":{}}'
}

# make_box FILE: BusyBox, which sleeps and is stopped without delay.
make_box() {
  local file=${1:?usage: site box FILE}
  temp_dir
  busybox_rootfs "$TEMP/root"
  pack_image "$file" box:1 '"Cmd":["sleep","7000"],"StopSignal":"SIGKILL"'
}

# pack_image FILE NAME CONFIG: TEMP/root as the only layer of an image.
pack_image() {
  local file=$1 name=$2 more=$3 work=$TEMP diff config
  plain_tar -C "$work/root" -cf "$work/layer.tar" .
  diff=$(sha256sum <"$work/layer.tar" | cut -d' ' -f1)
  cat >"$work/config.json" <<JSON
{"architecture":"amd64","os":"linux","created":"2023-11-14T22:13:20Z","config":{"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],$more},"rootfs":{"type":"layers","diff_ids":["sha256:$diff"]},"history":[{"created":"2023-11-14T22:13:20Z","created_by":"site image"}]}
JSON
  config=$(sha256sum <"$work/config.json" | cut -d' ' -f1)
  mkdir -p "$work/save/$diff"
  mv "$work/layer.tar" "$work/save/$diff/layer.tar"
  mv "$work/config.json" "$work/save/$config.json"
  printf '[{"Config":"%s.json","RepoTags":["%s"],"Layers":["%s/layer.tar"]}]\n' "$config" "$name" "$diff" >"$work/save/manifest.json"
  plain_tar -C "$work/save" -cf "$work/image.tar" manifest.json "$config.json" "$diff"
  mv "$work/image.tar" "$file"
}
