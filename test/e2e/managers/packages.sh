#!/bin/sh
# Tiny packages and a repository of them, in /srv/rpm for dnf and zypper and in /srv/pac for pacman.
set -eu
rpm_of() {
  printf '%s\n' "Name: $1" "Version: $2" 'Release: 1' "Summary: $1" 'License: MIT' 'BuildArch: noarch' ${3:+"Requires: $3"} '%description' x \
    '%install' "mkdir -p %{buildroot}/opt/rp; echo $2 >%{buildroot}/opt/rp/$1" '%files' "/opt/rp/$1" >"/tmp/$1.spec"
  rpmbuild -bb --quiet --define '_rpmdir /srv/rpm' --define '_topdir /tmp/rpmbuild' "/tmp/$1.spec"
}
pac_of() {
  mkdir -p "/srv/src/$1-$2"
  cd "/srv/src/$1-$2"
  printf '%s\n' "pkgname=$1" "pkgver=$2" 'pkgrel=1' 'arch=(any)' "depends=(${3:-})" \
    "package() { mkdir -p \"\$pkgdir/opt/pac\"; echo $2 >\"\$pkgdir/opt/pac/$1\"; }" >PKGBUILD
  chown -R nobody .
  runuser -u nobody -- env PKGDEST=/srv/pac BUILDDIR="/tmp/$1-$2" makepkg -d --skipinteg >/dev/null 2>&1
}
mkdir -p /srv/rpm /srv/pac /etc/yum.repos.d /etc/rpm
# Debian's rpm keeps a database for each user, which zypper does not ask.
echo '%_dbpath /var/lib/rpm' >/etc/rpm/macros
chmod 0777 /srv/pac
for make in rpm_of pac_of; do
  $make rp-a 1.0
  $make rp-a 2.0
  $make rp-b 1.0 rp-c
  $make rp-c 1.0
done
createrepo_c -q /srv/rpm
printf '[rp]\nname=rp\nbaseurl=file:///srv/rpm\ngpgcheck=0\n' >/etc/yum.repos.d/rp.repo
zypper --quiet --non-interactive addrepo --no-gpgcheck /srv/rpm rp >/dev/null
zypper --quiet --non-interactive refresh >/dev/null 2>&1
cd /srv/pac
repo-add -q rp.db.tar.gz rp-a-1.0* rp-b* rp-c*
printf '[options]\nArchitecture = auto\nSigLevel = Never\n[rp]\nServer = file:///srv/pac\n' >/etc/pacman.conf
pacman -Sy --noconfirm >/dev/null 2>&1
