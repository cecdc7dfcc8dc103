#!/bin/sh
# On an overlay of this machine's root: an archive of tiny packages, who holds the lock of dpkg (`nobody`, `somebody` until he is told to be waited for, or `forever`), and the text of a playbook.
#   sh run.sh HERE ROOT NODE PLAYBOOK HOLDER
# Prints the events of the run, then what apt was called for.
set -eu
here=$1 root=$2 node=$3 playbook=$4 holder=$5
d=/srv/rp id=rp files=$root/test/differential/modules/files
if [ ! -d "$d" ]; then
  mkdir -p "$d"
  cd "$d"
  . "$files/apt/repository.sh"
  for name in a b c d e f g h i j; do package "$name" 1.0; done
  mkdir -p made/DEBIAN
  printf '#!/bin/sh\nexit 3\n' >made/DEBIAN/postinst
  chmod 0755 made/DEBIAN/postinst
  package bad 1.0
  published
fi
: >/var/log/apt/history.log
if [ "$holder" != nobody ]; then
  mkfifo /tmp/held
  /usr/bin/python3 "$here/hold.py" $([ "$holder" = forever ] || echo /tmp/events) >/tmp/held &
  read -r _ </tmp/held
  trap "kill $! 2>/dev/null || :" EXIT
  rm /tmp/held
fi
cd "$root"
printf '%s\n' "$playbook" >/tmp/play.yml
"$node" bin/regplay.js run --events /tmp/events -i 'one,' -e ansible_connection=local /tmp/play.yml >/tmp/said 2>&1 || true
cat /tmp/events || { cat /tmp/said; exit 1; }
grep -a '^Commandline' /var/log/apt/history.log || true
