#!/bin/sh
# A host whose only tools are the applets of this machine's BusyBox, in namespaces of its own, with an sshd that is on no PATH.
#   unshare --mount --pid --net --fork --kill-child sh machine.sh DIR
# DIR is an empty folder but for the keys `host` and `id.pub`. Its disk is DIR/root, as this script sees it. The host says `ready` each
# time that it has started; when it is rebooted it starts again. It ends, with all of its processes and mounts, when its stdin does.
set -eu

# A file with the libraries that it loads, at the same paths.
take() {
  for file in "$1" $(ldd "$1" | grep -o '/[^ ]*'); do
    [ -e "$root$file" ] || install -D "$file" "$root$file"
  done
}

disk() {
  mkdir -p "$root/bin" "$root/sbin" "$root/usr/bin" "$root/usr/sbin"
  take "$(command -v busybox)"
  [ -e "$root/bin/busybox" ] || mv "$root/usr/bin/busybox" "$root/bin/busybox"
  chroot "$root" /bin/busybox --install -s
  take "$(command -v sshd || echo /usr/sbin/sshd)"
  mkdir -p "$root/opt/door"
  mv "$root/usr/sbin/sshd" "$root/opt/door/sshd"
  cp "$dir/host" "$root/opt/door/host"
  chmod 0600 "$root/opt/door/host"
  cd "$root"
  mkdir -p dev proc sys mnt srv home var/log var/tmp tmp etc run root/.ssh
  chmod 1777 tmp var/tmp
  chmod 0700 root root/.ssh
  cp "$dir/id.pub" root/.ssh/authorized_keys
  echo 'root:x:0:0:root:/root:/bin/sh
sshd:x:100:65534::/run/sshd:/bin/false
nobody:x:65534:65534::/:/bin/false' >etc/passwd
  echo 'root:x:0:
nogroup:x:65534:' >etc/group
  echo 'root:*:19000:0:99999:7:::' >etc/shadow
  chmod 0640 etc/shadow
  # What is built into a kernel stands in a list that comes with it.
  mkdir -p "lib/modules/$(uname -r)"
  echo kernel/net/bridge/br_netfilter.ko >"lib/modules/$(uname -r)/modules.builtin"
  echo '127.0.0.1 localhost box' >etc/hosts
  echo box >etc/hostname
  cd /
}

# The host itself: this disk becomes the root.
if [ "$1" = boot ]; then
  root=$2
  export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  hostname "$(cat "$root/etc/hostname")"
  rm -rf "$root/run"
  mkdir -p "$root/run/sshd"
  mount --bind "$root" "$root"
  cd "$root"
  mount -t tmpfs -o mode=0755 dev dev
  for device in 'null 3' 'zero 5' 'full 7' 'random 8' 'urandom 9'; do
    mknod -m 0666 "dev/${device% *}" c 1 "${device#* }"
  done
  mkdir dev/pts dev/shm
  mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
  ln -s pts/ptmx dev/ptmx
  mount -t sysfs -o ro sys sys
  # Each start has an id of its own, though the kernel is this machine's.
  cat /proc/sys/kernel/random/uuid >dev/boot_id
  pivot_root . mnt
  cd /
  mount -t proc proc /proc
  mount --bind /dev/boot_id /proc/sys/kernel/random/boot_id
  umount -l /mnt
  [ ! -e /etc/fstab ] || mount -a
  exec /opt/door/sshd -D -e -f /dev/null -h /opt/door/host -o ListenAddress=127.0.0.1 -o PidFile=none -o UsePAM=no \
    -o PermitRootLogin=prohibit-password -o PrintLastLog=no -o PrintMotd=no -o MaxStartups=100 </dev/null >/dev/null 2>&1
fi

dir=$1 root=$1/root
mount --make-rprivate /
mount -t proc proc /proc
mkdir -p "$root"
mount -t tmpfs -o mode=0755 machine "$root"
ip link set lo up
disk
# A network card as hosts have one, with nothing at its other end.
ip link add eth0 address 02:00:00:00:00:02 type veth peer name far
ip address add 10.9.8.7/24 broadcast + dev eth0
ip link set eth0 up
ip link set far up
(while :; do
  unshare --mount --pid --uts --ipc --fork --kill-child sh "$0" boot "$root" &
  wait $! || :
done) &
until grep -q '^ *[0-9]*: 0100007F:0016 00000000:0000 0A' /proc/net/tcp; do sleep 0.02; done
echo ready
cat >/dev/null
