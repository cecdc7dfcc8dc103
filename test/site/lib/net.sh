# shellcheck shell=bash
# One bridge for the site, one network namespace and veth for each host, and what hosts may reach: each other, this machine
# (ping, and ports from 8000), the resolver, the package mirror. All else is rejected at once. Rules stand in chains of our own.

HOOKS="filter:INPUT:IN filter:OUTPUT:OUT filter:FORWARD:FWD nat:POSTROUTING:NAT mangle:FORWARD:MSS"

net_up() { with_lock "$RUN/lock" net_up_locked; }
net_up_locked() {
  if [ ! -d "/sys/class/net/$BRIDGE" ]; then
    ip link add "$BRIDGE" type bridge
    ip addr add "$NET.1/24" dev "$BRIDGE"
    ip link set "$BRIDGE" up
  fi
  net_rules | iptables-restore -w --noflush
  local hook table point
  for hook in $HOOKS; do
    IFS=: read -r table point chain <<<"$hook"
    iptables -w -t "$table" -C "$point" -j "$CHAIN-$chain" 2>/dev/null ||
      iptables -w -t "$table" -I "$point" -j "$CHAIN-$chain"
  done
}

net_rules() {
  local address ports
  ports=$(mirror_ports)
  # the chain of dropped hosts outlives another `up`
  iptables -w -n -L "$CHAIN-DROP" >/dev/null 2>&1 || printf '*filter\n:%s-DROP - [0:0]\nCOMMIT\n' "$CHAIN"
  printf '*filter\n'
  printf ":$CHAIN-%s - [0:0]\n" IN OUT FWD
  printf -- "-A $CHAIN-%s -j $CHAIN-DROP\n" IN OUT FWD
  printf -- "-A $CHAIN-FWD -i $BRIDGE -o $BRIDGE -j ACCEPT\n"
  printf -- "-A $CHAIN-FWD -o $BRIDGE -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT\n"
  printf -- "-A $CHAIN-FWD -o $BRIDGE -j REJECT\n"
  for address in $(mirror_addresses); do
    printf -- "-A $CHAIN-FWD -i $BRIDGE -d $address -p tcp -m multiport --dports $ports -j ACCEPT\n"
    printf -- "-A $CHAIN-IN -i $BRIDGE -d $address -p tcp -m multiport --dports $ports -j ACCEPT\n"
  done
  for address in $(resolvers); do
    printf -- "-A $CHAIN-%s -i $BRIDGE -d $address -p %s --dport 53 -j ACCEPT\n" FWD udp FWD tcp IN udp IN tcp
  done
  printf -- "-A $CHAIN-FWD -i $BRIDGE -j REJECT\n"
  printf -- "-A $CHAIN-IN -i $BRIDGE -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT\n"
  printf -- "-A $CHAIN-IN -i $BRIDGE -p icmp -j ACCEPT\n"
  printf -- "-A $CHAIN-IN -i $BRIDGE -p tcp --dport 8000:65535 -j ACCEPT\n"
  printf -- "-A $CHAIN-IN -i $BRIDGE -j REJECT\n"
  printf 'COMMIT\n*nat\n:%s-NAT - [0:0]\n' "$CHAIN"
  printf -- "-A $CHAIN-NAT -s $NET.0/24 ! -o $BRIDGE -j MASQUERADE\nCOMMIT\n"
  printf '*mangle\n:%s-MSS - [0:0]\n' "$CHAIN"
  # the way out may have a smaller MTU than the hosts' links
  printf -- "-A $CHAIN-MSS -i $BRIDGE -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu\nCOMMIT\n"
}

net_down() { with_lock "$RUN/lock" net_down_locked; }
net_down_locked() {
  local hook table point chain link
  if command -v iptables >/dev/null; then
    for hook in $HOOKS filter:INPUT:DROP; do
      IFS=: read -r table point chain <<<"$hook"
      while iptables -w -t "$table" -D "$point" -j "$CHAIN-$chain" 2>/dev/null; do :; done
      iptables -w -t "$table" -F "$CHAIN-$chain" 2>/dev/null || continue
      iptables -w -t "$table" -X "$CHAIN-$chain"
    done
  fi
  for link in /sys/class/net/"$NAME"v*; do ip link del "${link##*/}" 2>/dev/null || true; done
  [ ! -d "/sys/class/net/$BRIDGE" ] || ip link del "$BRIDGE"
}

net_link() { printf '%sv%s\n' "$NAME" "${1##*.}"; }

# net_attach NAMESPACE_FILE IP: a new namespace with an eth0 of this address. Runs in the host's own mount namespace, so that
# nothing of it is left when the host's last process ends. The hardware address is the same at each boot.
net_attach() {
  local netns=$1 ip=$2 link mac
  link=$(net_link "$ip")
  # shellcheck disable=SC2046,SC2183
  mac=$(printf '02:52:%02x:%02x:%02x:%02x' $(tr . ' ' <<<"$ip"))
  net_detach "$netns" "$ip"
  : >"$netns"
  unshare --net="$netns" true
  ip link add "$link" type veth peer name eth0 address "$mac" netns "$netns"
  ip link set "$link" master "$BRIDGE" up
  nsenter --net="$netns" sh -ec "
    ip link set lo up
    ip addr add $ip/24 dev eth0
    ip link set eth0 up
    ip route add default via $NET.1"
}
net_detach() {
  ip link del "$(net_link "$2")" 2>/dev/null || true
  umount "$1" 2>/dev/null || true
  rm -f "$1"
}

# A dropped host answers nobody: neither this machine (rules) nor its neighbours (its port of the bridge forwards nothing).
net_drop() {
  local ip
  ip=$(host_ip "$1")
  net_heal "$1"
  iptables -w -A "$CHAIN-DROP" -s "$ip" -j DROP
  iptables -w -A "$CHAIN-DROP" -d "$ip" -j DROP
  bridge link set dev "$(net_link "$ip")" state 0 2>/dev/null || true
}
net_heal() {
  local ip
  ip=$(host_ip "$1")
  while iptables -w -D "$CHAIN-DROP" -s "$ip" -j DROP 2>/dev/null; do :; done
  while iptables -w -D "$CHAIN-DROP" -d "$ip" -j DROP 2>/dev/null; do :; done
  bridge link set dev "$(net_link "$ip")" state 3 2>/dev/null || true
}
