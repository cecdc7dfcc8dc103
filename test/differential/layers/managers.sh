#!/bin/sh
# Package managers of other distributions and firewalld, from Debian's packages; nothing of it starts. Each case finds tiny packages of its own
# (a 1.0, a 2.0, b 1.0 that needs c, c 1.0, all with the case's id before a hyphen) in repositories below /usr/share/tiny.
set -eu
TINY=/usr/share/tiny

# spec VERSION NAME[:NEEDED]...: all cases' packages of a version, by one call of rpmbuild.
spec() {
  version=$1
  shift
  printf '%s\n' 'Name: tiny' "Version: $version" 'Release: 1' 'Summary: tiny' 'License: MIT' 'BuildArch: noarch' '%description' tiny '%install'
  for id in $ids; do
    for name; do printf '%s\n' "mkdir -p %{buildroot}/opt/tiny; echo $version >%{buildroot}/opt/tiny/$id-${name%:*}"; done
  done
  for id in $ids; do
    for name; do
      printf '%s\n' "%package -n $id-${name%:*}" 'Summary: tiny'
      case $name in *:*) echo "Requires: $id-${name#*:}" ;; esac
      printf '%s\n' "%description -n $id-${name%:*}" tiny "%files -n $id-${name%:*}" "/opt/tiny/$id-${name%:*}"
    done
  done
}

rpms() {
  spec "$@" >/tmp/tiny.spec
  rpmbuild -bb --quiet --define "_rpmdir $TINY/rpm" --define '_topdir /tmp/rpmbuild' --define '_binary_payload w0.gzdio' /tmp/tiny.spec
}

# pac NAME VERSION [NEEDED [GROUP]]: pacman's packages are archives with a text in them.
pac() {
  made=/tmp/pac/$1
  rm -rf /tmp/pac
  mkdir -p "$made/opt/tiny"
  cd "$made"
  echo "$2" >"opt/tiny/$1"
  printf '%s\n' "pkgname = $1" "pkgbase = $1" "pkgver = $2-1" 'pkgdesc = tiny' 'url = http://127.0.0.1' 'builddate = 1700000000' \
    'packager = nobody' 'size = 4' 'arch = any' 'license = MIT' ${3:+"depend = $3"} ${4:+"group = $4"} >.PKGINFO
  tar --owner=0 --group=0 --mtime=@1700000000 -czf "$TINY/pacman/$1-$2-1-any.pkg.tar.gz" .PKGINFO opt
}

printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 0755 /usr/sbin/policy-rc.d
packages='dnf python3-dnf rpm createrepo-c zypper pacman-package-manager makepkg libarchive-tools firewalld python3-firewall'
# shellcheck disable=SC2086 # they are words
brought() { apt-get -qq install -y --no-install-recommends $packages </dev/null >/dev/null; }
# Lists may be older than what the archive still has.
brought || { apt-get -qq update && brought; }
rm /usr/sbin/policy-rc.d

# Debian keeps a database of rpm in each home; other systems have one.
mkdir -p /etc/rpm
echo "%_dbpath /var/lib/rpm" >/etc/rpm/macros
mkdir -p $TINY/rpm $TINY/pacman /etc/yum.repos.d /etc/zypp/repos.d
ids=$(seq -f 'dnf%.0f' 10; seq -f 'zypper%.0f' 20)
rpms 1.0 a b:c c
rpms 2.0 a
createrepo_c -q $TINY/rpm
for file in /etc/yum.repos.d/tiny.repo /etc/zypp/repos.d/tiny.repo; do
  printf '%s\n' '[tiny]' name=tiny "baseurl=file://$TINY/rpm" enabled=1 gpgcheck=0 >$file
done

# Ansible's module fails where no package is of any group.
pac tiny 1.0 '' tiny
for id in $(seq -f 'pacman%.0f' 40); do
  pac "$id-a" 1.0
  pac "$id-a" 2.0
  pac "$id-b" 1.0 "$id-c"
  pac "$id-c" 1.0
done
cd $TINY/pacman
repo-add -q tiny.db.tar.gz ./tiny-1* ./*-a-1.0* ./*-b-* ./*-c-*
printf '%s\n' '[options]' 'Architecture = auto' 'SigLevel = Never' '[tiny]' "Server = file://$TINY/pacman" >/etc/pacman.conf
pacman -Sy --noconfirm
