# SPDX-License-Identifier: ISC
"""Plays a plan on the virtual LAN that `run` made, and has it judged."""

import argparse
import datetime
import os
import shutil
import signal
import sys
import time

import lines
from faults import Lan, Record
from judge import Judge
from members import Member, Members
from plan import HOSTS_MAX, HOSTS_MIN, count_hosts, make_plan
from starvation import Starvation
from transcript import Transcript

# Upper bounds, for machines of any speed.  What nobody sends is given up after
# 30 s; so when nothing has come out for longer than that, nothing will.
QUIET_SECONDS = 45
SETTLE_SECONDS = 240
EXIT_SECONDS = 120
TURN_SECONDS = 0.02


class Run:
    def __init__(self, plan, folder):
        self.plan = plan
        self.folder = folder
        self.record = Record()
        self.starvation = Starvation(self.record)
        self.lan = Lan(plan.hosts, self.record)
        self.members = Members()
        self.transcripts = {}
        self.judge = Judge(self.members.all, self.transcripts, self.record,
                           self.keys_of)
        self.log = open(os.path.join(folder, "acts.log"), "w", buffering=1)
        self.began = time.time()
        self.acts = 0

    def note(self, text):
        now = datetime.datetime.now(datetime.timezone.utc)
        passed = now.timestamp() - self.began
        self.log.write(f"{passed:8.3f} {now:%H:%M:%S.%f} {text}\n")

    def keys_of(self, a, b):
        hosts = sorted(self.members.all[n].spec.host for n in (a, b))
        return {("member", a), ("member", b), ("host", hosts[0]),
                ("host", hosts[1]), ("pair", *hosts)}

    # ---- acts ----

    def birth(self, spec):
        member = Member(spec, self.lan, os.environ["MCHAT"], self.folder)
        self.members.all[spec.name] = member
        self.transcripts[spec.name] = Transcript(spec.name, self.members.all)

    def say(self, name, count, kind):
        member = self.members.all[name]
        for _ in range(count):
            member.say(lines.make_line(name, len(member.lines) + 1, kind))

    def leave(self, name, ends_in_midline):
        self.members.all[name].close(ends_in_midline)

    def kill(self, name):
        self.members.all[name].kill("killed")

    def stop(self, name):
        self.record.begin(("member", name), "stop")
        self.members.all[name].signal(signal.SIGSTOP)

    def go_on(self, name):
        self.members.all[name].signal(signal.SIGCONT)
        self.record.end(("member", name), "stop")

    def stall(self, name):
        self.record.begin(("member", name), "stall")
        self.members.all[name].is_stalled = True

    def drain(self, name):
        self.members.all[name].is_stalled = False
        self.record.end(("member", name), "stall")

    def do(self, act):
        lan = self.lan
        actions = {
            "birth": self.birth, "say": self.say, "leave": self.leave,
            "kill": self.kill, "stop": self.stop, "continue": self.go_on,
            "stall": self.stall, "drain": self.drain, "loss": lan.set_loss,
            "burst": lan.begin_burst, "burst_over": lan.end_burst,
            "cut": lan.cut, "mend": lan.mend, "link_down": lan.link_down,
            "link_up": lan.link_up, "address": lan.change_address,
            "mtu": lan.set_mtu,
        }
        self.note(f"{act.kind} {' '.join(str(x) for x in act.what)}")
        actions[act.kind](*act.what)
        self.acts += 1

    def turn(self, seconds=TURN_SECONDS):
        self.members.turn(seconds)
        self.starvation.look(self.members.running())
        self.read_transcripts()

    def read_transcripts(self):
        """Takes a piece of what each has printed; whether there was any."""
        return any([t.read_more(self.members.all[n].path + ".out")
                    for n, t in self.transcripts.items()])

    def play(self):
        for act in self.plan.acts:
            while True:
                left = self.began + act.at / 1000 - time.time()
                if left <= 0:
                    break
                self.turn(min(left, TURN_SECONDS))
            self.do(act)

    # ---- the end ----

    def heal(self):
        self.note("heal")
        self.lan.heal()
        for name, member in self.members.all.items():
            if member.is_running():
                self.go_on(name)
            if member.is_stalled:
                self.drain(name)
        self.record.healed = time.time()

    def wait_until(self, condition, seconds):
        """Takes turns until it holds, or, with no output for long, it never
        will; returns whether it did."""
        end = time.time() + seconds
        moved = time.time()
        while time.time() < end and time.time() < moved + QUIET_SECONDS:
            self.members.turn(TURN_SECONDS * 5)
            if self.read_transcripts():
                moved = time.time()
            elif condition():
                return True
        return False

    def running_names(self):
        return [m.name for m in self.members.running()]

    def is_settled(self, leaving):
        """All who are to leave have left, all was written, and who still runs
        lacks nothing."""
        return (not any(m.is_running() or m.reader is not None
                        for m in leaving)
                and not any(m.wants_to_write() for m in self.members.running())
                and self.judge.lacks_nothing(self.running_names()))

    def settle(self):
        leaving = [m for m in self.members.all.values() if m.is_closing]
        settled = self.wait_until(lambda: self.is_settled(leaving),
                                  SETTLE_SECONDS)
        self.wait_for_exits(leaving)
        # What they printed may not have been read yet, nor all printed that
        # those who left were told is there.
        settled = self.wait_until(lambda: self.is_settled(leaving),
                                  SETTLE_SECONDS) and settled
        self.note("settled" if settled else
                  f"not settled: {self.judge.lacking_pairs}")
        self.judge.judge_tails(self.running_names())

    def wait_for_exits(self, leaving):
        end = time.time() + EXIT_SECONDS
        while not all(m.has_finished() for m in leaving):
            self.turn()
            if time.time() > end:
                break
        for member in leaving:
            if not member.has_finished():
                self.judge.complain(
                    "hang", "-", member.name,
                    f"still runs {EXIT_SECONDS} s after its end was asked for")
                member.kill("left over")

    def close(self, members):
        for member in members:
            self.note(f"close {member.name}")
            member.close(False)

    def end(self):
        """Some authors leave as soon as all is healed, the others when nobody
        lacks anything; then the receivers are ended by a signal."""
        talkers = [m for m in self.members.running() if m.spec.talks]
        self.close([m for m in talkers if m.name in self.plan.early_closers])
        self.settle()
        self.close([m for m in talkers if m.is_running()])
        self.settle()
        survivors = self.running_names()
        for member in self.members.running():
            member.signal(signal.SIGTERM)
        self.wait_for_exits(list(self.members.all.values()))
        while self.read_transcripts():
            pass
        for member in self.members.all.values():
            member.look()
        self.judge.judge_all(survivors)

    def figures(self):
        tracks = [t for x in self.transcripts.values()
                  for t in x.tracks.values()]
        return (f"{time.time() - self.began:.0f} s, {self.plan.hosts} hosts, "
                f"{len(self.members.all)} members, "
                f"{sum(len(m.said) for m in self.members.all.values())} lines, "
                f"{sum(t.count() for t in tracks)} deliveries, "
                f"{sum(t.told for t in tracks)} losses told, "
                f"{self.acts} acts, {self.starvation.count} times starved")


def report(run):
    """Says what was found; returns the exit status."""
    kind = "gentle" if run.plan.is_gentle else "wild"
    violations = sorted(run.judge.violations.values())
    verdict = [f"chaos: {kind}, {run.figures()}"]
    if violations:
        verdict += [str(v) for v in violations]
        verdict.append(f"chaos: {len(violations)} violations with "
                       f"SEED={run.plan.seed}; logs are in {run.folder}")
    with open(os.path.join(run.folder, "verdict"), "w") as kept:
        kept.write("\n".join(verdict) + "\n")
    print("\n".join(verdict), flush=True)
    return 1 if violations else 0


def play(plan, folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    run = Run(plan, folder)
    try:
        run.play()
        run.heal()
        run.end()
    finally:
        run.members.kill_all()
        for member in run.members.all.values():
            member.save_input()
    status = report(run)
    if status == 0:
        shutil.rmtree(folder)
    return status


def bounded(low, high):
    def number(text):
        value = int(text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{low} to {high}")
        return value
    return number


def main():
    parser = argparse.ArgumentParser(prog="chaos")
    parser.add_argument("--seconds", type=bounded(1, 86400), default=60)
    parser.add_argument("--seed", type=bounded(0, (1 << 64) - 1),
                        default=int(time.time()))
    parser.add_argument("--hosts", type=bounded(HOSTS_MIN, HOSTS_MAX))
    parser.add_argument("--logs")
    parser.add_argument("--resolve", action="store_true")
    options = parser.parse_args()
    hosts = count_hosts(options.seed, options.hosts)
    if options.resolve:
        print(f"--seconds {options.seconds} --seed {options.seed} "
              f"--hosts {hosts}")
        return 0
    return play(make_plan(options.seed, options.seconds, hosts),
                os.path.join(options.logs, str(options.seed)))


if __name__ == "__main__":
    # What was started is ended first.
    signal.signal(signal.SIGINT, lambda *_: sys.exit(130))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
