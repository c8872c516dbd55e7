# SPDX-License-Identifier: ISC
"""When the machine had no time for a member, or we had none to read what it
prints: for it that is as if it had been stopped, or stalled."""

import time

LOOK_SECONDS = 0.25
SHARE = 0.3  # of the time, spent waiting for a processor


def waited(pid):
    """Seconds that a process has waited for a processor so far; None when
    nobody can tell (see Documentation/scheduler/sched-stats.rst)."""
    try:
        with open(f"/proc/{pid}/schedstat", encoding="ascii") as file:
            return int(file.read().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return None


class Starvation:
    """Records disturbances of members that were starved."""

    def __init__(self, record):
        self.record = record
        self.at = time.time()
        self.before = {}  # name to seconds waited
        self.count = 0  # of those found

    def look(self, members):
        """To be called often, with the members that run."""
        now = time.time()
        passed = now - self.at
        if passed < LOOK_SECONDS:
            return
        # Nothing was read meanwhile.
        is_late = passed > 2 * LOOK_SECONDS
        after = {}
        for member in members:
            after[member.name] = waited(member.process.pid)
            self.judge(member.name, after[member.name], passed, now,
                       is_late and member.reader is not None)
        self.before, self.at = after, now

    def judge(self, name, after, passed, now, is_unread):
        before = self.before.get(name)
        share = 0.0
        if before is not None and after is not None:
            share = (after - before) / passed
        if share > SHARE or is_unread:
            self.count += 1
            self.record.begin(("member", name), "starved", self.at)
            self.record.end(("member", name), "starved", now)
