#!/bin/sh
# One side of the comparison: a controller and the hosts h1, h2 and h3, each a machine of its own but for the kernel.
#   unshare --mount --pid --uts --ipc --net --fork --kill-child sh world.sh DIR KEYS LOWER SEEN...
# DIR is an empty folder, KEYS holds keys and accounts, LOWER are the lower layers of every machine's root (`/`, or `LAYER:/`), each SEEN (`FROM` or
# `FROM:AT`) is a folder that every machine can read besides the root file system. What a machine changes of the root file system stands in DIR/NAME/upper, which node reads through /proc/PID/root/run/world.
# The world says `ready` when every host answers, and ends, with all of its processes and mounts, when its stdin does.
set -eu
HOSTS='h1 h2 h3'

# Mounts an overlay of the lower layers at DIR/NAME/root and makes a fresh machine of it.
disk() {
  name=$1 at=$dir/$1
  mkdir -p "$at/upper/etc/ssh" "$at/work" "$at/root"
  # What people left on this machine is none of the test's business: a device of these numbers hides what stands below it.
  for folder in root home srv opt etc/ansible etc/sudoers.d etc/ssh/sshd_config.d etc/ssh/ssh_config.d; do
    mknod "$at/upper/$folder" c 0 0
  done
  mount -t overlay overlay -o "lowerdir=$lower,upperdir=$at/upper,workdir=$at/work" "$at/root"
  cd "$at/root"
  mkdir -p root/.ssh home/admin/.ssh home/operator/.ssh srv opt etc/sudoers.d
  chmod 0700 root root/.ssh home/*/.ssh
  for folder in tmp var/tmp run; do mount -t tmpfs -o mode=1777 tmpfs "$folder"; done
  chmod 0755 run
  mkdir -p run/sshd run/python
  cp "${0%/*}/python/"* run/python
  mount -t sysfs sysfs sys
  mount --rbind /dev dev
  for seen in $shown; do
    mkdir -p "./${seen#*:}"
    mount --bind "${seen%:*}" "./${seen#*:}"
    mount -o remount,bind,ro "./${seen#*:}"
  done
  echo "$name" >etc/hostname
  # Nobody answers there, and says so at once.
  printf 'search example.org\nnameserver 127.0.0.1\noptions timeout:1 attempts:1\n' >etc/resolv.conf
  printf '127.0.0.1 localhost\n127.0.0.11 h1\n127.0.0.12 h2\n127.0.0.13 h3\n' >etc/hosts
  people
  cd /
}

# The logins: root, `admin` (sudo without a password) and `operator` (sudo with the password `sesame`), all by one key.
people() {
  # What `openssl passwd -6 -salt regplay sesame` says.
  # shellcheck disable=SC2016
  hash='$6$regplay$sMe.gnXymCZQm6QwE9.4jK95D73R7uH95tcaxa3gRQ/THSEkDmZPllqB9Rwt1BZYkNi8y1Y.s3BIfq68C/OD71'
  for file in passwd shadow group gshadow; do cat "$keys/$file" >"etc/$file"; done
  n=4000
  for user in admin operator; do
    n=$((n + 1))
    echo "$user:x:$n:$n::/home/$user:/bin/sh" >>etc/passwd
    echo "$user:x:$n:" >>etc/group
    echo "$user:$hash:19000:0:99999:7:::" >>etc/shadow
    cat "$keys/id.pub" >"home/$user/.ssh/authorized_keys"
    chown -R "$n:$n" "home/$user"
  done
  printf 'admin ALL=(ALL) NOPASSWD: ALL\noperator ALL=(ALL) ALL\n' >etc/sudoers.d/people
  chmod 0440 etc/sudoers.d/people
  cat "$keys/id.pub" >root/.ssh/authorized_keys
}

# In namespaces of its own: this machine's root becomes the root.
enter() {
  hostname "$1"
  cd "$dir/$1/root"
  pivot_root . mnt
  cd /
  mount -t proc proc /proc
  umount -l /mnt
}

# A host: an sshd on the host's address, and what it starts.
if [ "$1" = host ]; then
  dir=$2 name=$3 number=$4
  export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  enter "$name"
  exec /usr/sbin/sshd -D -e -f /dev/null -h /etc/ssh/world_host_key -o "ListenAddress=127.0.0.1$number" -o PidFile=none -o UsePAM=no \
    -o PermitRootLogin=prohibit-password -o PasswordAuthentication=no -o 'Subsystem=sftp internal-sftp' -o MaxStartups=100 \
    -o PrintLastLog=no -o PrintMotd=no 2>/run/sshd.log
fi

dir=$1 keys=$2 lower=$3
shift 3
shown=$*
mount --make-rprivate /
mount -t tmpfs -o mode=0755 world "$dir"
mount -t proc proc /proc
ip link set lo up
# A network card as hosts have one, with nothing at its other end.
ip link add eth0 address 02:00:00:00:00:01 type veth peer name far
ip address add 10.9.8.7/24 broadcast + dev eth0
ip -6 address add fd00:9::7/64 dev eth0 nodad
ip link set eth0 up
ip link set far up
ip route add default via 10.9.8.1
ip -6 route add default via fd00:9::1
number=0
for host in $HOSTS; do
  number=$((number + 1))
  disk "$host"
  cp "$keys/host" "$dir/$host/root/etc/ssh/world_host_key"
  chmod 0600 "$dir/$host/root/etc/ssh/world_host_key"
  unshare --mount --pid --uts --ipc --fork --kill-child sh "$0" host "$dir" "$host" "$number" </dev/null >/dev/null &
done
disk controller
install -m 0600 "$keys/id" "$dir/controller/root/root/.ssh/id_ed25519"
for number in 1 2 3; do echo "127.0.0.1$number $(cat "$keys/host.pub")"; done >"$dir/controller/root/root/.ssh/known_hosts"
mkdir "$dir/controller/root/run/world"
mount --bind "$dir" "$dir/controller/root/run/world"
# Port 22 of every host, as the kernel lists listeners.
until [ "$(grep -c '^ *[0-9]*: 0[BCD]00007F:0016 00000000:0000 0A' /proc/net/tcp)" = 3 ]; do sleep 0.02; done
enter controller
echo ready
cat >/dev/null
