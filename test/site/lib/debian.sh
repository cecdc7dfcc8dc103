# shellcheck shell=bash
# Debian 12 hosts: how the root filesystems are built, and what is written for each host.

OPERATOR_PASSWORD=regplay-sudo

build_base() {
  local root=$1/layer mirror
  mirror=$(mirror_uri)
  debootstrap --include=openssh-server,sudo,ca-certificates,dbus,libpam-systemd "$SUITE" "$root" "$mirror"
  rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/machine-id" "$root/etc/hostname" "$root/etc/resolv.conf"
  debian_apt "$root"
  debian_users "$root"
  # timers that would take the dpkg lock in the middle of a test
  ln -s /dev/null "$root/etc/systemd/system/apt-daily.timer"
  ln -s /dev/null "$root/etc/systemd/system/apt-daily-upgrade.timer"
  apt_clean "$root"
  mv "$root/var" "$1/var"
  mkdir "$root/var"
}

build_python() { debian_layer "$1" base python3 python3-apt; }
build_docker() { debian_layer "$1" base docker.io; }
build_python_docker() { debian_layer "$1" python docker.io; }
# What Ansible's modules for Docker need on a host, and a registry that they may log in to.
build_ansible() { debian_layer "$1" python_docker python3-docker docker-registry; }

debian_layer() {
  local dir=$1 parent=$2
  shift 2
  layer_on "$parent" "$dir"
  debian_apt "$dir/root"
  apt_in "$dir/root" --no-install-recommends install "$@"
  layer_done "$dir"
}

debian_users() {
  local root=$1
  chroot "$root" useradd --create-home --shell /bin/bash --uid 1000 admin
  chroot "$root" useradd --create-home --shell /bin/bash --uid 1001 --gid users operator
  printf 'operator:%s\n' "$OPERATOR_PASSWORD" | chroot "$root" chpasswd
  write_sudoers "$root"
}
write_sudoers() {
  mkdir -p "$1/etc/sudoers.d"
  printf 'admin ALL=(ALL) NOPASSWD: ALL\n' >"$1/etc/sudoers.d/admin"
  printf 'operator ALL=(ALL) ALL\n' >"$1/etc/sudoers.d/operator"
  chmod 440 "$1"/etc/sudoers.d/admin "$1"/etc/sudoers.d/operator
}

# The mirror of this machine, as apt on the host shall know it.
debian_apt() {
  mkdir -p "$1/etc/apt/apt.conf.d"
  apt_sources | sed 's/^/deb /' >"$1/etc/apt/sources.list"
  apt_settings >"$1/etc/apt/apt.conf.d/90site"
}

# debian_files HOST UPPER: what makes this host itself. Written into the overlay's upper layer before the first boot.
debian_files() {
  local name=$1 upper=$2
  mkdir -p "$upper/etc/apt" "$upper/etc/ssh"
  cp "$STATE/hosts/$name.part/keys"/ssh_host_* "$upper/etc/ssh/"
  debian_apt "$upper"
}
