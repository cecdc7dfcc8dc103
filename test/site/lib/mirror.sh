# shellcheck shell=bash
# The package mirror and the resolver that this machine uses; hosts use the same.

SUITE=bookworm

apt_ask_sources() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v suite="$SUITE" '$2 ~ "^" suite "(-|$)" && !seen[$0]++'
}

# 'URI suite component' of each Debian source that apt knows here, and those settings of apt that decide whether it works here
# at all (proxies, dates). Asked once, since apt takes a while to answer.
mirror_load() {
  [ -z "${APT_SOURCES-}" ] || return 0
  APT_SOURCES=$(apt_ask_sources)
  if [ -z "$APT_SOURCES" ]; then
    apt-get -qq update </dev/null >&2
    APT_SOURCES=$(apt_ask_sources)
  fi
  [ -n "$APT_SOURCES" ] || die "apt knows no source of Debian $SUITE on this machine: run apt-get update, and look at its sources"
  APT_SETTINGS=$(apt-config dump | grep -E '^Acquire::(https?::Proxy |Check-Date|Check-Valid-Until)' || true)
}
apt_sources() { printf '%s\n' "$APT_SOURCES"; }
apt_settings() { printf '%s\nAcquire::Languages "none";\n' "$APT_SETTINGS"; }

mirror_uri() { apt_sources | awk -v suite="$SUITE" '$2 == suite && !found++ { print $1 }'; }

mirror_names() {
  { apt_sources | cut -d' ' -f1; apt_settings | grep -E '::Proxy' | grep -oE 'https?://[^"]*' || true; } |
    sed -E 's,^[a-z]+://([^@/]*@)?([^:/]+).*,\2,' | sort -u
}
mirror_ports() {
  { printf '80\n443\n'; { apt_sources; apt_settings; } | grep -oE '://[^/" ]*:[0-9]+' | grep -oE '[0-9]+$' || true; } |
    sort -nu | paste -sd,
}
mirror_addresses() {
  local name
  for name in $(mirror_names); do getent ahostsv4 "$name" | cut -d' ' -f1; done | sort -u
}

# Name servers that can be reached from another network namespace.
resolvers() {
  cat /etc/resolv.conf /run/systemd/resolve/resolv.conf 2>/dev/null |
    awk '$1 == "nameserver" && $2 !~ /^127\./ && $2 !~ /:/ && !seen[$2]++ { print $2 }' || true
}

# Lines for /etc/hosts: the mirror's names, where no resolver would give them.
mirror_hosts_lines() {
  local name reachable
  reachable=$(resolvers)
  for name in $(mirror_names); do
    if [ -z "$reachable" ]; then
      getent ahostsv4 "$name" | awk -v name="$name" 'NR == 1 { print $1, name }'
    else
      getent -s files hosts "$name" | awk -v name="$name" 'NR == 1 { print $1, name }' || true
    fi
  done
}
