#!/bin/sh
# On an overlay of this machine's root: a signed archive of one tiny package, two keys of which one has signed it, and a run of the playbook beside this script.
#   sh run.sh HERE ROOT NODE
set -eu
here=$1 root=$2 node=$3
d=/srv/rp id=rp files=$root/test/differential/modules/files
mkdir -p "$d" /etc/apt/keyrings
cd "$d"
# shellcheck source=/dev/null
. "$files/apt/repository.sh"
package a 1.0
published
rm -f /etc/apt/sources.list.d/rp.list /var/lib/apt/lists/*rp*
for who in right wrong; do
  export GNUPGHOME="/tmp/$who"
  mkdir -m 0700 "$GNUPGHOME"
  gpg --batch --quiet --passphrase '' --quick-generate-key "$who@example.org" ed25519 sign never 2>/dev/null
  gpg --batch --armor --export >"/srv/$who.asc"
  gpg --batch --export >"/etc/apt/keyrings/$who.gpg"
done
printf 'Date: %s\n' "$(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S UTC')" >>repo/Release
GNUPGHOME=/tmp/right gpg --batch --quiet --clearsign -o repo/InRelease repo/Release
for who in right wrong; do GNUPGHOME="/tmp/$who" gpgconf --kill gpg-agent; done
cd "$root"
exec "$node" bin/regplay.js run "$here/site.yml"
