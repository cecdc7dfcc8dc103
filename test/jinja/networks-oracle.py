"""Records what the filters of ansible.utils answer about addresses made by chance: networks.json.

Run where ansible-core, netaddr and the collection ansible.utils can be imported:
    python3 networks-oracle.py SEED COUNT > networks.json

Left out is what the filters of the collection (2.9, netaddr 0.8) answer wrongly or by accident: the queries v4 and v6 (they raise a
TypeError), IPv6 addresses that are small as numbers (they become IPv4), networks of two addresses in network_in_network, and texts
that are no addresses where they count as 0.
"""
import contextlib
import importlib
import io
import json
import random
import sys

NAMES = (
    "ipaddr ipv4 ipv6 ipmath ipsubnet ipwrap nthhost next_nth_usable previous_nth_usable network_in_usable "
    "network_in_network reduce_on_network cidr_merge slaac hwaddr macaddr ip4_hex usable_range"
).split()
QUERIES = [""] + (
    "6to4 address address/prefix bool broadcast cidr first_usable gateway gw host host/prefix hostmask hostnet int ip ip/prefix "
    "ip_netmask ipv4 ipv6 last_usable link-local lo loopback multicast net next_usable netmask network network_id network/prefix "
    "network_netmask network_wildcard peer prefix previous_usable private public range_usable revdns router size size_usable subnet "
    "type unicast version wildcard wrap"
).split()
HARDWARE = [
    *("00:11:22:33:44:55", "52-54-00-AB-CD-EF", "5254.00ab.cdef", "525400abcdef", "52:54:0:ab:cd:ef", "525400:abcdef"),
    *("nonsense", "1", "52:54:00:ab:cd"),
]
WAYS = ["", "bare", "bool", "int", "cisco", "eui48", "linux", "pgsql", "unix", "win", "nope"]
HEADS = "192.168. 10.0. 172.16. 127.0. 169.254. 224.0. 100.64. 198.18. 203.0. 8.8. 240.0. 192.0. 239.1.".split()
HEADS6 = "2001:db8:: fe80:: fc00:: ff02:: 2002:c000:201:: 2a00:1:2:3:: fd12:3456:: 64:ff9b::".split()


def functions():
    out = {}
    for name in NAMES:
        module = importlib.import_module("ansible_collections.ansible.utils.plugins.filter." + name)
        found = module.FilterModule().filters()[name]
        # usable_range is the only one that does not take the environment first.
        out[name] = found if name == "usable_range" else (lambda f: lambda *args: f(None, *args))(found)
    return out


class Chance(random.Random):
    def v4(self):
        if self.random() < 0.7:
            return self.choice(HEADS) + "%d.%d" % (self.choice([0, 1, 2, 255, self.randrange(256)]), self.randrange(256))
        return ".".join(str(self.randrange(1, 256)) for _ in range(4))

    def v6(self):
        if self.random() < 0.7:
            return self.choice(HEADS6) + self.choice(["1", "2", "ff", "a:b", "ffff"])
        return ":".join("%x" % self.randrange(1, 65536) for _ in range(8))

    def network(self, wrong=True):
        part = self.random()
        if part < 0.25:
            return self.v4()
        if part < 0.65:
            return self.v4() + "/%d" % self.choice([8, 16, 24, 25, 26, 28, 29, 30, 31, 32, self.randrange(8, 33)])
        if part < 0.7:
            return self.v4() + "/" + self.choice(["255.255.255.0", "255.255.0.0", "255.255.255.252", "0.0.0.255"])
        if part < 0.8:
            return self.v6()
        if part < 0.95 or not wrong:
            return self.v6() + "/%d" % self.choice([64, 48, 56, 96, 112, 120, 126, 127, 128, self.randrange(48, 129)])
        return self.choice(["", "abc", "300.1.1.1", "192.168.1.0/33", "1.2.3.4/", "host.example.com", "1.2.3.4/24/1"])

    def case(self):
        name = self.choice(["ipaddr"] * 10 + ["ipsubnet"] * 2 + NAMES)
        value, args = self.network(), []
        if name in ("ipaddr", "ipv4", "ipv6"):
            args = [self.choice([self.choice(QUERIES)] * 6 + [self.network(False), self.choice([0, 1, 5, -1, 200, "3"]), "nope"])]
            value = self.choice([value] * 8 + [[self.network() for _ in range(3)], self.choice([5, 256, 3232235777, 2**33])])
        elif name == "ipmath":
            value, args = self.choice([self.v4(), self.v6()]), [self.choice([0, 1, -1, 10, 256, -100, 2**33])]
        elif name == "ipsubnet":
            sizes = ["24", "26", "28", "30", "32", "16", "64", "96", "120", "129"]
            args = self.choice([[], [self.choice(sizes)], [self.choice(sizes), self.choice([0, 1, -1, 5, 300])], [self.network()]])
        elif name == "nthhost":
            args = [self.choice([1, 5, -1, 300, "2"])]
        elif name.endswith("_nth_usable"):
            args = [self.choice([1, 2, 5, 100])]
        elif name.startswith("network_in_"):
            base = self.v4().rsplit(".", 1)[0]
            value = base + ".0/%d" % self.choice([24, 25, 30])
            args = [base + ".%d%s" % (self.randrange(256), self.choice(["", "", "/32", "/30", "/25"]))]
        elif name == "reduce_on_network":
            base = self.v4().rsplit(".", 1)[0]
            value = ["%s.%d" % (base, self.randrange(256)) for _ in range(3)]
            args = [base + ".%d/%d" % (self.randrange(256), self.choice([24, 25, 26]))]
        elif name == "cidr_merge":
            base = self.v4().rsplit(".", 1)[0]
            inner = [base + ".%d/%d" % (self.randrange(0, 256, 64), self.choice([26, 25, 24, 27])) for _ in range(4)]
            value = self.choice([inner, inner, [self.network(False) for _ in range(3)]])
        elif name == "slaac":
            value, args = self.v6() + "/64", [self.choice(HARDWARE)]
        elif name in ("hwaddr", "macaddr"):
            value, args = self.choice(HARDWARE), [self.choice(WAYS)]
        elif name == "ip4_hex":
            value = self.v4()
        elif name == "usable_range":
            value = self.v4() + "/" + self.choice(["29", "30", "31", "32"])
        return name, value, args


def answer(function, value, args):
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return {"is": function(value, *args)}
    except Exception:
        return {"error": True}


def main(seed, count):
    known, chance = functions(), Chance(seed)
    cases = [chance.case() for _ in range(count)]
    rows = [{"filter": name, "value": value, "args": args, **answer(known[name], value, args)} for name, value, args in cases]
    print("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]")


main(int(sys.argv[1]), int(sys.argv[2]))
