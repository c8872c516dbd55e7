# SPDX-License-Identifier: ISC
"""What one member printed, read event by event: of each author the order, that
nothing comes twice or changed, and that each hole is told exactly.

This file judges what a transcript shows by itself.  What its beginning and its
end lack, only judge.py can tell."""

import base64
import datetime
import json
from typing import NamedTuple

READ = 1 << 18


class Violation(NamedTuple):
    rule: str
    receiver: str
    author: str
    text: str

    def __str__(self):
        return (f"{self.rule}: receiver {self.receiver}, author {self.author}:"
                f" {self.text}")


class Track:
    """What a receiver has of one author, by the author's id."""

    def __init__(self, author_id):
        self.id = author_id
        self.first = 0  # number that was not history
        self.last = 0  # number
        self.had = bytearray()  # 1 for each number that came
        self.history = 0  # messages that came as such
        self.pending = 0  # lost, as told since the last message
        self.is_unknown = False  # a loss of nobody knows how many since then
        self.before = 0  # pending when the first came
        self.is_before_unknown = False  # is_unknown when the first came
        self.told = 0  # lost, all
        self.is_here = False  # it joined and has not left
        self.left_by = None  # "bye" or "timeout"
        self.joined_at = None  # when this member first told that it was here

    def count(self):
        return sum(self.had)

    def has(self, number):
        return number <= len(self.had) and self.had[number - 1] == 1

    def mark(self, number):
        self.had.extend(bytes(max(0, number - len(self.had))))
        self.had[number - 1] = 1


def wall_clock(text):
    return datetime.datetime.fromisoformat(
        text.replace("Z", "+00:00")).timestamp()


def text_of(event):
    """The bytes that were said."""
    if "base64" in event:
        return base64.b64decode(event["base64"])
    return event["text"].encode()


def runs(numbers):
    """Numbers as people write them: 3-5, 9."""
    spans = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    shown = [str(a) if a == b else f"{a}-{b}" for a, b in spans[:5]]
    return ", ".join(shown + (["..."] if len(spans) > 5 else []))


class Transcript:
    def __init__(self, name, members):
        self.name = name
        self.members = members  # name to anything with `lines`
        self.tracks = {}  # id to Track
        self.names = {}  # id to name
        self.violations = []
        self.events = 0
        self.rest = b""
        self.offset = 0

    # ---- reading ----

    def read_more(self, path):
        """Takes what the file has more, a piece; whether there was any."""
        with open(path, "rb") as out:
            out.seek(self.offset)
            some = out.read(READ)
        self.offset += len(some)
        self.feed(some)
        return bool(some)

    def feed(self, some):
        *whole, self.rest = (self.rest + some).split(b"\n")
        for line in whole:
            self.take_line(line)

    def take_line(self, line):
        self.events += 1
        try:
            event = json.loads(line)
            kind = event["event"]
        except (ValueError, KeyError, TypeError):
            self.complain("json", "-", f"no event: {line[:200]!r}")
            return
        take = {"message": self.take_message, "lost": self.take_lost,
                "join": self.take_join, "leave": self.take_leave,
                "path_mtu": self.take_path_mtu}.get(kind)
        if take is None:
            self.complain("stranger", "-", f"unexpected event: {line[:200]!r}")
        elif "id" not in event:
            self.complain("unnamed loss" if kind == "lost" else "stranger", "-",
                          f"event without id: {line[:200]!r}")
        else:
            take(self.track(event), event)

    def track(self, event):
        track = self.tracks.get(event["id"])
        if track is None:
            track = self.tracks[event["id"]] = Track(event["id"])
        if "nick" not in event:
            self.complain("unnamed loss", event["id"], f"no nick: {event}")
        # Whom only others have told of yet has none.
        elif event["nick"] and \
                self.names.setdefault(track.id, event["nick"]) != event["nick"]:
            self.complain("stranger", event["nick"], "goes by two names")
        return track

    def complain(self, rule, author, text):
        self.violations.append(Violation(
            rule, self.name, self.names.get(author, author), text))

    # ---- events ----

    def take_message(self, track, event):
        number, author = event["seq"], event["nick"]
        said = self.members.get(author)
        if author == self.name or said is None or number > len(said.lines):
            self.complain("stranger", author, f"line {number} was never said")
            return
        if text_of(event) != said.lines[number - 1]:
            self.complain("changed", author, f"line {number} is not the "
                          f"author's: {text_of(event)[:80]!r}")
        if track.has(number):
            self.complain("double", author, f"line {number} came before")
        elif number <= track.last:
            self.complain("order", author,
                          f"line {number} came after {track.last}")
        elif event.get("history"):
            self.take_history(track, number, author)
        else:
            self.take_live(track, number, author)
        track.mark(number)

    def take_history(self, track, number, author):
        if track.first:
            self.complain("history", author, f"line {number} is called history"
                          f" behind line {track.last}")
        else:
            track.history += 1
        track.last = number

    def take_live(self, track, number, author):
        if not track.first:
            track.first = number
            track.before = track.pending
            track.is_before_unknown = track.is_unknown
        else:
            self.judge_hole(track, number, author)
        track.last = number
        track.pending = 0
        track.is_unknown = False

    def judge_hole(self, track, number, author):
        missing = number - track.last - 1
        if track.pending == missing:
            return
        self.complain(
            "hole" if track.pending < missing else "overcount", author,
            f"lines {track.last + 1} to {number - 1} are missing ({missing}), "
            f"told lost: {track.pending}")

    def take_lost(self, track, event):
        if event["count"] is None:
            track.is_unknown = True
            return
        if event["count"] <= 0:
            self.complain("overcount", track.id, "a loss of nothing")
        track.pending += event["count"]
        track.told += event["count"]

    def take_join(self, track, event):
        if track.is_here:
            self.complain("presence", track.id, "joined twice")
        track.is_here = True
        track.left_by = None
        track.is_unknown = False  # it will say how many there were
        if track.joined_at is None:
            track.joined_at = wall_clock(event["time"])

    def take_path_mtu(self, track, event):
        """Loss at random may look like a smaller MTU now and then: what it
        costs is that packets are small for ten minutes."""

    def take_leave(self, track, event):
        if not track.is_here:
            self.complain("presence", track.id, "left, and was not here")
        track.is_here = False
        track.left_by = event["reason"]
