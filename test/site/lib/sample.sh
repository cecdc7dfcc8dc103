# shellcheck shell=bash
# A filled registry's storage as a tar: images are made as skopeo's `dir:` form and really pushed to a registry on loopback,
# whose storage then goes into the tar as storage/docker/registry/v2/... Two tags of one image, shared layers, an OCI manifest,
# an index of two architectures, a repository name of three parts, and a few large layers.

# make_sample FILE [MB]
make_sample() {
  local file=${1:?usage: site sample FILE [MB]} mb=${2:-20} work
  [[ $mb =~ ^[0-9]+$ ]] || die "'$mb' is no number of megabytes"
  temp_dir
  work=$TEMP
  sample_layers "$work" "$mb"
  registry_serve "$work"
  sample_push "$work"
  end_process "$work/registry"
  wait_until 10 sample_registry_ended "$work"
  case $file in
    *.tar) plain_tar -C "$work" -cf "$work/sample" storage ;;
    *) plain_tar -C "$work" -c storage | gzip -n1 >"$work/sample" ;;
  esac
  mv "$work/sample" "$file"
  cat "$work/tags"
}
sample_registry_ended() { ! is_alive "$1/registry"; }

sample_layers() {
  local work=$1 mb=$2 tree=$1/tree part
  mkdir -p "$work/layers" "$tree/base" "$tree/app1/bin" "$tree/app2/etc"
  busybox_rootfs "$tree/base"
  # shellcheck disable=SC2016
  printf '#!/bin/sh\necho "hello from $(cat /etc/version 2>/dev/null || echo 1.0)"\n' >"$tree/app1/bin/hello"
  chmod 755 "$tree/app1/bin/hello"
  printf '1.1\n' >"$tree/app2/etc/version"
  for part in 1 2 3 4; do
    mkdir -p "$tree/data$part/data"
    head -c $((mb * 262144)) /dev/urandom >"$tree/data$part/data/part$part"
  done
  for part in "$tree"/*; do sample_layer "$work" "${part##*/}"; done
}

# A layer is its gzipped tar with three words about it: digest, size, digest of what is inside.
sample_layer() {
  local tar=$1/layers/$2.tar blob=$1/layers/$2.blob
  plain_tar -C "$1/tree/$2" -cf "$tar" .
  gzip -n1 <"$tar" >"$blob"
  printf '%s %s %s\n' "$(digest "$blob")" "$(stat -c %s "$blob")" "$(digest "$tar")" >"$1/layers/$2"
  rm "$tar"
}
digest() { sha256sum <"$1" | cut -d' ' -f1; }

# sample_image DIR MANIFEST_FILE FORM ARCHITECTURE CMD LAYER...: FORM is docker or oci.
sample_image() {
  local dir=$1 manifest=$2 form=$3 arch=$4 cmd=$5 layer sum size diff layers='' diffs='' history='' config type tarred
  shift 5
  mkdir -p "$dir"
  printf 'Directory Transport Version: 1.1\n' >"$dir/version"
  case $form in
    docker) type=application/vnd.docker.distribution.manifest.v2+json config=application/vnd.docker.container.image.v1+json
      tarred=application/vnd.docker.image.rootfs.diff.tar.gzip ;;
    oci) type=application/vnd.oci.image.manifest.v1+json config=application/vnd.oci.image.config.v1+json
      tarred=application/vnd.oci.image.layer.v1.tar+gzip ;;
  esac
  for layer; do
    read -r sum size diff <"$dir/../layers/$layer"
    ln -f "$dir/../layers/$layer.blob" "$dir/$sum"
    layers+=",{\"mediaType\":\"$tarred\",\"size\":$size,\"digest\":\"sha256:$sum\"}"
    diffs+=",\"sha256:$diff\""
    history+=",{\"created\":\"2023-11-14T22:13:20Z\",\"created_by\":\"site sample: $layer\"}"
  done
  printf '{"architecture":"%s","os":"linux","created":"2023-11-14T22:13:20Z","config":{"Env":["PATH=/bin"],"Cmd":["%s"]},"rootfs":{"type":"layers","diff_ids":[%s]},"history":[%s]}' \
    "$arch" "$cmd" "${diffs#,}" "${history#,}" >"$dir/config"
  sum=$(digest "$dir/config")
  size=$(stat -c %s "$dir/config")
  mv "$dir/config" "$dir/$sum"
  printf '{"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"%s","size":%s,"digest":"sha256:%s"},"layers":[%s]}' \
    "$type" "$config" "$size" "$sum" "${layers#,}" >"$dir/$manifest"
}

# sample_index DIR: the same image for two architectures (the second one is there to be looked at, not to be run).
sample_index() {
  local dir=$1 arch sum entries=''
  for arch in amd64 arm64; do
    sample_image "$dir" one oci "$arch" /bin/hello base app1
    sum=$(digest "$dir/one")
    entries+=",{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"sha256:$sum\","
    entries+="\"size\":$(stat -c %s "$dir/one"),\"platform\":{\"architecture\":\"$arch\",\"os\":\"linux\"}}"
    mv "$dir/one" "$dir/$sum.manifest.json"
  done
  printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[%s]}' "${entries#,}" >"$dir/manifest.json"
}

sample_push() {
  local work=$1
  sample_image "$work/i1" manifest.json docker amd64 /bin/sh base
  sample_image "$work/i2" manifest.json docker amd64 /bin/hello base app1
  sample_image "$work/i3" manifest.json docker amd64 /bin/hello base app1 app2
  sample_image "$work/i4" manifest.json oci amd64 /bin/hello base app1
  sample_index "$work/i5"
  sample_image "$work/i6" manifest.json docker amd64 /bin/sh base data1 data2
  sample_image "$work/i7" manifest.json docker amd64 /bin/sh base data1 data2 data3 data4
  sample_copy "$work" i1 library/busybox:1.35
  sample_copy "$work" i1 library/busybox:latest
  sample_copy "$work" i2 team/app:1.0
  sample_copy "$work" i3 team/app:1.1
  sample_copy "$work" i3 team/app:latest
  sample_copy "$work" i4 team/tools/shell:1
  sample_copy "$work" i5 site/multi:1
  sample_copy "$work" i6 site/data:1
  sample_copy "$work" i7 site/data:2
}
sample_copy() {
  skopeo --insecure-policy copy --quiet --all --preserve-digests --dest-tls-verify=false --digestfile "$1/digest" \
    "dir:$1/$2" "docker://127.0.0.1:$(cat "$1/port")/$3" >&2
  printf '%s %s\n' "$3" "$(cat "$1/digest")" >>"$1/tags"
}

# registry_serve DIR: a registry of this script's own on loopback, with DIR/storage; DIR/port tells where. It ends with this script.
registry_serve() {
  local dir=$1 program port try
  program=$(registry_program)
  for try in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 10000))
    printf 'version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: %s\nhttp:\n  addr: 127.0.0.1:%s\n' \
      "$dir/storage" "$port" >"$dir/config.yml"
    setpriv --pdeathsig KILL "$program" serve "$dir/config.yml" </dev/null >"$dir/registry.log" 2>&1 &
    record_process "$dir/registry" "$!"
    printf '%s\n' "$port" >"$dir/port"
    # it says so only after it has the port for itself
    if wait_until 10 registry_settled "$dir" && is_alive "$dir/registry"; then return; fi
    say "a registry on port $port: attempt $try failed"
  done
  die "the registry does not start: $(tail -n 3 "$dir/registry.log")"
}
registry_settled() { ! is_alive "$1/registry" || grep -q 'listening on' "$1/registry.log"; }
