# SPDX-License-Identifier: ISC
"""The acts of a run, all chosen beforehand by a seed: who is born, says, leaves
or dies when, and what happens to hosts and members meanwhile.

There are two kinds of plan.  In a gentle one each fault lasts less than the 5
seconds that an author waits, and one comes at a time: then nothing may be lost.
In a wild one faults are short or long, and up to three at once."""

from typing import NamedTuple

from prng import Prng

HOSTS_MIN, HOSTS_MAX = 4, 10
MEMBERS_PER_HOST = 2  # at most, on average
LINES_PER_SECOND = 1500  # said at most, on average
MTU = 1500


class Spec(NamedTuple):
    """A member to be born."""
    name: str
    host: int
    talks: bool
    has_fifo: bool  # its stdout is a FIFO whose reader can stall
    history: int  # of -H
    rcvbuf: int  # of --rcvbuf; 0: not given


class Act(NamedTuple):
    at: int  # ms since the beginning
    kind: str
    what: tuple


class Plan(NamedTuple):
    seed: int
    hosts: int
    is_gentle: bool
    acts: list
    early_closers: set  # authors whose input ends as soon as all is healed


def count_hosts(seed, hosts=None):
    return hosts or Prng(seed).between(HOSTS_MIN, HOSTS_MAX)


class Planner:
    def __init__(self, seed, seconds, hosts):
        self.prng = Prng(seed)
        self.prng.next()  # chose the hosts
        self.hosts = hosts
        self.is_gentle = self.prng.percent(30)
        self.end = seconds * 1000
        self.now = 0
        self.acts = []
        self.here = {}  # name to Spec
        self.steady = set()  # names that live until the end
        self.born_at = {}
        self.busy_until = {}  # host or name: until when it suffers something
        self.at_once = 1 if self.is_gentle else self.prng.between(1, 3)
        self.over_at = []  # when the faults under way are over
        self.births = 0
        self.faults = 0
        self.lines_left = seconds * LINES_PER_SECOND
        self.floods_left = 1 + seconds // 30

    def add(self, delay, kind, *what):
        if self.now + delay < self.end:
            self.acts.append(Act(self.now + delay, kind, what))

    # ---- members ----

    def birth(self, host, talks, delay=0):
        self.births += 1
        name = ("t" if talks else "r") + str(self.births)
        spec = Spec(name, host, talks, self.prng.percent(40),
                    20 if self.prng.percent(15) else 0,
                    131072 if self.prng.percent(15) else 0)
        if self.now + delay < self.end:
            self.here[name] = spec
            self.born_at[name] = self.now + delay
            self.busy_until[name] = self.now + delay + 300
            self.add(delay, "birth", spec)
        return name

    def begin(self):
        for host in range(1, self.hosts + 1):
            talks = host > 2 and (host <= 4 or self.prng.percent(60))
            name = self.birth(host, talks, self.prng.between(0, 400))
            if host <= 2:
                self.steady.add(name)
        for _ in range(self.prng.between(0, 3)):
            self.birth(self.any_host(), self.prng.percent(50), 300)

    def any_host(self):
        return self.prng.between(1, self.hosts)

    def free(self, names):
        return [n for n in names if self.busy_until.get(n, 0) <= self.now]

    def talkers(self):
        return [n for n, spec in self.here.items()
                if spec.talks and self.born_at[n] <= self.now]

    def join(self):
        if len(self.here) < self.hosts * MEMBERS_PER_HOST:
            self.birth(self.any_host(), self.prng.percent(60))

    def go(self, kind):
        """Somebody leaves or dies; often somebody else comes."""
        mortal = [n for n in self.free(self.here) if n not in self.steady
                  and (self.here[n].talks or kind == "kill")]
        if len(self.talkers()) <= 2 or not mortal:
            return
        name = self.prng.pick(mortal)
        del self.here[name]
        if kind == "leave":
            self.say(name, self.prng.pick([1, 1, 50, 1000]))
            self.add(0, "leave", name, self.prng.percent(33))
        else:
            self.add(0, "kill", name)
        if self.prng.percent(80):
            self.birth(self.any_host(), self.prng.percent(70),
                       self.prng.between(100, 3000))

    # ---- talk ----

    def say(self, name, count, kind="mixed"):
        count = min(count, max(self.lines_left, 1))
        self.lines_left -= count
        self.add(0, "say", name, count, kind)

    def flood(self):
        """More packets than are kept for whoever is away meanwhile."""
        names = [n for n in self.free(self.talkers())
                 if self.busy_until.get(self.here[n].host, 0) <= self.now]
        if names and self.floods_left > 0:
            self.floods_left -= 1
            self.add(self.prng.between(0, 500), "say", self.prng.pick(names),
                     self.prng.between(200, 350), "long")

    def talk(self):
        names = self.talkers()
        if not names:
            return
        count, kind = self.prng.pick_weighted((
            (40, (1, "mixed")), (10, (self.prng.between(2, 20), "mixed")),
            (14, (self.prng.between(200, 1500), "mixed")),
            (4, (self.prng.between(2000, 8000), "mixed")),
            (4, (1, "long")), (4, (1, "empty")), (6, (2, "odd"))))
        self.say(self.prng.pick(names), count, kind)

    # ---- faults ----

    def duration(self, low, high):
        """Of a fault; in a wild plan half are long."""
        if self.is_gentle or self.prng.percent(60):
            return self.prng.between(200, 2300)
        return self.prng.between(low, high)

    def fault(self):
        self.over_at = [at for at in self.over_at if at > self.now]
        if len(self.over_at) >= self.at_once:
            return
        table = [(8, self.lossy), (6, self.burst), (5, self.cut),
                 (6, self.link), (4, self.address), (4, self.mtu),
                 (7, self.stop), (6, self.stall)]
        if not self.is_gentle:
            table += [(4, self.one_way), (3, self.rotate)]
        self.faults += 1
        length = self.prng.pick_weighted(table)()
        if length > 5000 and self.prng.percent(60):
            self.flood()
        # Time to recover, so that short faults do not add up to a long one.
        pause = 3500 if self.is_gentle else self.prng.between(0, 1500)
        self.over_at.append(self.now + length + pause)

    def suffer(self, who, length):
        self.busy_until[who] = self.now + length
        return length

    def free_hosts(self):
        return self.free(range(1, self.hosts + 1))

    def lossy(self):
        hosts = self.prng.sample(range(1, self.hosts + 1),
                                 self.prng.between(1, self.hosts))
        self.add(0, "loss", tuple(hosts), self.prng.pick([0, 1, 3, 10, 20, 30]))
        return 0

    def burst(self):
        length = self.prng.between(100, 1500)
        hosts = self.prng.sample(range(1, self.hosts + 1),
                                 self.prng.between(1, self.hosts))
        percent = self.prng.between(60, 99)
        self.add(0, "burst", self.faults, tuple(hosts), percent)
        self.add(length, "burst_over", self.faults)
        return length

    def halves(self):
        one = self.prng.sample(range(1, self.hosts + 1),
                               self.prng.between(1, self.hosts - 1))
        other = [h for h in range(1, self.hosts + 1) if h not in one]
        return one, other

    def cut(self):
        length = self.duration(6000, 14000)
        one, other = self.halves()
        pairs = [(a, b) for a in one for b in other]
        self.add(0, "cut", self.faults,
                 tuple(pairs + [(b, a) for a, b in pairs]))
        self.add(length, "mend", self.faults)
        return length

    def one_way(self):
        length = self.duration(6000, 14000)
        one, other = self.halves()
        self.add(0, "cut", self.faults,
                 tuple((a, b) for a in one for b in other))
        self.add(length, "mend", self.faults)
        return length

    def rotate(self):
        """One host after the other is alone."""
        delay = 0
        for alone in range(1, self.hosts + 1):
            length = self.prng.between(300, 2500)
            others = [h for h in range(1, self.hosts + 1) if h != alone]
            self.add(delay, "cut", (self.faults, alone), tuple(
                [(alone, h) for h in others] + [(h, alone) for h in others]))
            self.add(delay + length, "mend", (self.faults, alone))
            delay += length
        return delay

    def link(self):
        hosts = self.free_hosts()
        if not hosts:
            return 0
        host = self.prng.pick(hosts)
        length = self.suffer(host, self.duration(5500, 12000))
        self.add(0, "link_down", host)
        self.add(length, "link_up", host)
        return length

    def address(self):
        self.add(0, "address", self.any_host())
        return 500

    def mtu(self):
        """Of the whole LAN; or of one host, which then misses large packets."""
        size = self.prng.between(600, 1400)
        length = self.duration(6000, 14000)
        hosts = tuple(range(1, self.hosts + 1))
        if not self.is_gentle and self.prng.percent(40):
            hosts = (self.any_host(),)
        self.add(0, "mtu", hosts, size)
        self.add(length, "mtu", hosts, MTU)
        return length

    def stop(self):
        names = self.free(self.here)
        if not names:
            return 0
        name = self.prng.pick(names)
        length = self.suffer(name, self.duration(10500, 15000))
        self.add(0, "stop", name)
        self.add(length, "continue", name)
        return length

    def stall(self):
        names = [n for n in self.free(self.here) if self.here[n].has_fifo]
        if not names:
            return 0
        name = self.prng.pick(names)
        length = self.suffer(name, self.duration(6000, 14000))
        self.add(0, "stall", name)
        self.add(length, "drain", name)
        return length

    def run(self):
        self.begin()
        self.now = 1500
        while self.now < self.end:
            self.prng.pick_weighted((
                (64, self.talk), (26, self.fault), (3, self.join),
                (3, lambda: self.go("leave")), (3, lambda: self.go("kill")),
            ))()
            self.now += self.prng.between(20, 300)
        self.acts.sort(key=lambda act: act.at)  # stable


def make_plan(seed, seconds, hosts):
    planner = Planner(seed, seconds, hosts)
    planner.run()
    closers = {n for n, spec in planner.here.items()
               if spec.talks and planner.prng.percent(50)}
    return Plan(seed, planner.hosts, planner.is_gentle, planner.acts, closers)
