# SPDX-License-Identifier: ISC
"""What the virtual LAN suffers, and a record of it: who could not hear whom,
and when."""

import os
import subprocess
import time

COMMAND_SECONDS = 30  # ip and nft take milliseconds
BURST_COUNTS = 60  # percent of loss from which on one hears nothing


def mac(host):
    """As scripts/lan gives it."""
    return f"02:4d:43:00:00:{host:02x}"


class Record:
    """Disturbances: each has a key, that of a host, of a pair of hosts or of a
    member, a beginning and an end."""

    def __init__(self):
        self.past = []  # (key, begin, end)
        self.open = {}  # (key, cause) to begin

    def begin(self, key, cause, now=None):
        self.open.setdefault((key, cause), now or time.time())

    def end(self, key, cause, now=None):
        begin = self.open.pop((key, cause), None)
        if begin is not None:
            self.past.append((key, begin, now or time.time()))

    def between(self, keys, begin, end):
        """The disturbances of these keys within a time, merged and in order."""
        spans = self.past + [(key, since, end)
                             for (key, _), since in self.open.items()]
        merged = []
        for since, until in sorted((max(s, begin), min(u, end))
                                   for key, s, u in spans if key in keys):
            if since >= until:
                continue
            if merged and since <= merged[-1][1]:
                merged[-1][1] = max(merged[-1][1], until)
            else:
                merged.append([since, until])
        return merged


class Lan:
    def __init__(self, hosts, record):
        self.pids = [int(pid) for pid in os.environ["LAN_PIDS"].split()]
        self.hosts = range(1, hosts + 1)
        self.record = record
        self.loss = dict.fromkeys(self.hosts, 0)
        self.bursts = {}  # id to (hosts, percent)
        self.cuts = {}  # id to pairs (from, to)
        self.rules = dict.fromkeys(self.hosts, "")  # as the kernel has them
        self.down = set()
        self.mtu = dict.fromkeys(self.hosts, 1500)
        self.addresses = {host: host for host in self.hosts}

    def on(self, host):
        """The beginning of a command line that runs on this host."""
        return ["nsenter", "-t", str(self.pids[host - 1]), "-n", "-u", "--"]

    # ---- what is dropped on its way in ----

    def rules_of(self, host):
        percent = [self.loss[host]] + [p for hosts, p in self.bursts.values()
                                       if host in hosts]
        deaf_to = sorted({a for pairs in self.cuts.values()
                          for a, b in pairs if b == host})
        lines = [f"ether saddr {mac(other)} drop" for other in deaf_to]
        if max(percent) > 0:
            lines.append(f"numgen random mod 100 < {max(percent)} drop")
        return ("table inet chaos\ndelete table inet chaos\n"
                "table inet chaos {\nchain in {\n"
                "type filter hook input priority 0\n"
                + "\n".join(lines) + "\n}\n}\n")

    def apply(self):
        """Hands the kernel the rules that are new; all hosts at once."""
        running = []
        for host in self.hosts:
            rules = self.rules_of(host)
            if rules == self.rules[host]:
                continue
            self.rules[host] = rules
            nft = subprocess.Popen(self.on(host) + ["nft", "-f", "-"],
                                   stdin=subprocess.PIPE)
            nft.stdin.write(rules.encode())
            nft.stdin.close()
            running.append(nft)
        for nft in running:
            if nft.wait(COMMAND_SECONDS) != 0:
                raise RuntimeError("nft failed")

    def set_loss(self, hosts, percent):
        self.loss.update(dict.fromkeys(hosts, percent))
        self.apply()

    def begin_burst(self, burst, hosts, percent):
        self.bursts[burst] = (hosts, percent)
        self.apply()
        for host in hosts:
            self.record.begin(("host", host), ("burst", burst))

    def end_burst(self, burst):
        hosts, _ = self.bursts.pop(burst)
        self.apply()
        for host in hosts:
            self.record.end(("host", host), ("burst", burst))

    def cut(self, cut, pairs):
        for a, b in pairs:
            self.record.begin(("pair", min(a, b), max(a, b)), ("cut", cut))
        self.cuts[cut] = pairs
        self.apply()

    def mend(self, cut):
        pairs = self.cuts.pop(cut)
        self.apply()
        for a, b in pairs:
            self.record.end(("pair", min(a, b), max(a, b)), ("cut", cut))

    # ---- interfaces ----

    def ip(self, host, *batch):
        """Runs ip commands on a host, or beside the hosts when it is 0."""
        command = (self.on(host) if host else []) + ["ip", "-batch", "-"]
        subprocess.run(command, input="\n".join(batch).encode(), check=True,
                       timeout=COMMAND_SECONDS)

    def route(self):
        return "route replace 224.0.0.0/4 dev eth0"

    def link_down(self, host):
        self.record.begin(("host", host), "link")
        self.ip(host, "link set eth0 down")
        self.down.add(host)

    def link_up(self, host):
        self.ip(host, "link set eth0 up", self.route())
        self.down.discard(host)
        self.record.end(("host", host), "link")

    def change_address(self, host):
        """As from DHCP: the new one comes before the old one goes, which may
        take the new one along."""
        old = self.addresses[host]
        new = old + 20 if old + 20 < 254 else host
        self.addresses[host] = new
        self.record.begin(("host", host), "address")
        self.ip(host, f"addr add 10.77.0.{new}/24 dev eth0",
                f"addr del 10.77.0.{old}/24 dev eth0",
                f"addr replace 10.77.0.{new}/24 dev eth0",
                *([] if host in self.down else [self.route()]))
        self.record.end(("host", host), "address")

    def set_mtu(self, hosts, size):
        """Where the hosts differ, the one with less misses large packets."""
        for host in hosts:
            self.mtu[host] = size
            self.ip(host, f"link set eth0 mtu {size}")
        self.ip(0, *(f"link set h{host}.0 mtu {size}" for host in hosts))
        for host in self.hosts:
            if self.mtu[host] < max(self.mtu.values()):
                self.record.begin(("host", host), "mtu")
            else:
                self.record.end(("host", host), "mtu")

    def heal(self):
        for burst in list(self.bursts):
            self.end_burst(burst)
        for cut in list(self.cuts):
            self.mend(cut)
        self.set_loss(self.hosts, 0)
        for host in list(self.down):
            self.link_up(host)
        self.set_mtu(list(self.hosts), 1500)
