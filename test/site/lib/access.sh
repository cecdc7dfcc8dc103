# shellcheck shell=bash
# Keys, known_hosts, ssh and cp, the inventory.

ssh_key() { printf '%s/ssh/id_ed25519\n' "$STATE"; }

access_prepare() {
  mkdir -p "$STATE/ssh" "$STATE/hosts"
  chmod 700 "$STATE/ssh"
  [ -f "$(ssh_key)" ] || ssh-keygen -q -t ed25519 -N '' -C "$NAME" -f "$(ssh_key)"
}

# The host's own keys, made here so that they are known before it boots.
host_keys() {
  local type
  mkdir -p "$1"
  for type in ed25519 ecdsa rsa; do
    ssh-keygen -q -t "$type" -N '' -C "root@$2" -f "$1/ssh_host_${type}_key"
  done
}

# authorize HOME OWNER: the site's key may log in there.
authorize() {
  mkdir -p "$1/.ssh"
  cp "$(ssh_key).pub" "$1/.ssh/authorized_keys"
  chmod 700 "$1" "$1/.ssh"
  chmod 600 "$1/.ssh/authorized_keys"
  chown -R "$2" "$1"
}

# known_hosts and the file for `ssh -F`, from the hosts that there are.
access_write() { with_lock "$STATE/lock" access_write_locked; }
access_write_locked() {
  local name ip key
  {
    for name in $(host_names); do
      ip=$(host_ip "$name")
      for key in "$STATE/hosts/$name/keys"/*.pub; do
        awk -v names="$name,$ip" '{ print names, $1, $2 }' "$key"
      done
    done
  } >"$STATE/ssh/known_hosts.new"
  {
    for name in $(host_names); do
      printf 'Host %s\n  HostName %s\n' "$name" "$(host_ip "$name")"
    done
    printf 'Host *\n  User %s\n  IdentityFile %s\n  IdentitiesOnly yes\n' admin "$(ssh_key)"
    printf '  UserKnownHostsFile %s\n  GlobalKnownHostsFile /dev/null\n' "$STATE/ssh/known_hosts"
    printf '  StrictHostKeyChecking yes\n  BatchMode yes\n  ConnectTimeout 10\n'
  } >"$STATE/ssh/config.new"
  mv "$STATE/ssh/known_hosts.new" "$STATE/ssh/known_hosts"
  mv "$STATE/ssh/config.new" "$STATE/ssh/config"
}

site_ssh() {
  host_must_exist "${1-}"
  exec ssh -F "$STATE/ssh/config" -o "User=$LOGIN" "$@"
}
site_cp() {
  [ $# -ge 2 ] || die 'usage: site cp FROM... TO'
  exec scp -q -r -F "$STATE/ssh/config" -o "User=$LOGIN" "$@"
}

write_inventory() {
  local name
  for name in $(host_names); do
    printf '%s ansible_host=%s ansible_user=%s ansible_ssh_private_key_file=%s\n' \
      "$name" "$(host_ip "$name")" "$LOGIN" "$(ssh_key)"
  done
}
