# What cases of apt begin with: an archive of tiny packages of their own, all of whose names begin with $id.
#   . "$files/apt/repository.sh"; package a 1.0; package b 1.0 "Depends: $id-a"; published
# Nobody else's archives are asked, so that lists are small and nothing leaves the host.
rm -f /etc/apt/sources.list.d/debian.sources /var/lib/apt/lists/deb.debian.org_*
mkdir -p "$d/repo" "$d/made"

# package NAME VERSION [FIELDS]: a file of its own in /opt/NAME; what stands in made/ (DEBIAN/postinst, etc/x.conf) comes along.
package() {
  name=$id-$1
  mkdir -p "$d/made/DEBIAN" "$d/made/opt"
  echo "$2" >"$d/made/opt/$name"
  printf '%s\n' "Package: $name" "Version: $2" 'Architecture: all' 'Maintainer: nobody <nobody@example.org>' ${3:+"$3"} 'Description: tiny' \
    >"$d/made/DEBIAN/control"
  SOURCE_DATE_EPOCH=1700000000 dpkg-deb --root-owner-group -b "$d/made" "$d/repo/${name}_$2_all.deb" >/dev/null
  rm -rf "$d/made"
}

# published [SUITE]: what stands in repo/ is an archive that apt knows and whose list it has.
published() {
  cd "$d/repo"
  for deb in *.deb; do
    dpkg-deb -f "$deb"
    printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$deb" "$(stat -c %s "$deb")" "$(sha256sum "$deb" | cut -d' ' -f1)"
  done >Packages
  printf 'Suite: %s\nSHA256:\n %s %s Packages\n' "${1:-$id}" "$(sha256sum Packages | cut -d' ' -f1)" "$(stat -c %s Packages)" >Release
  cd "$d"
  echo "deb [trusted=yes] file:$d/repo ./" >"/etc/apt/sources.list.d/$id.list"
  fetched
}

# fetched: apt fetches the list of this case's archive.
fetched() {
  apt-get -qq -o Dir::Etc::sourcelist="/etc/apt/sources.list.d/$id.list" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0 update
}

# install NAME...: packages of the case are there before it begins.
install() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends install "$@" >/dev/null
}
