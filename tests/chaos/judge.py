# SPDX-License-Identifier: ISC
"""Whether all that members were told is true.

A line is numbered by its author from 1 on, in the order of its input; JSON has
that number as "seq".  The rules:

  order, double, changed
      Of each author every receiver prints each line at most once, in rising
      order, byte for byte as it was said.
  hole, overcount
      Where a receiver passes over lines of an author, the "lost" events for
      that author since its last line add up to exactly as many.
  beginning
      A receiver is owed each line that was written to an author's input after
      it was seen to be in the group ("mchat: in" on its stderr).  Owed lines
      before the first one that it prints are told as lost.  It may be told of
      more, at most of all lines before that first one: a receiver that hears
      an author late cannot know which of them came before itself.  A "lost"
      without a number stands for all of them where the two were disturbed: the
      author, which alone knows, did not hear the receiver.
  tail
      A receiver that ran to the end, all faults being over, has printed or been
      told as lost each owed line behind the last one that it printed:
      all of an author that runs, or that ended by itself and at its end counted
      on the receiver (it had printed the receiver's join and no leave since,
      and does not name it as not confirming);
      else (the author was killed, or had given the receiver up) what any
      receiver that runs has.  Never more than the author said.
      A "lost" without a number excuses the tail of an author that left by
      timeout, or that the receiver knew by reports of others alone, and nothing
      else.
  acquaintance
      A receiver that never heard of an author is excused when the two never had
      10 undisturbed seconds together.
  needless loss
      Losses of an author that was not killed are told only to a receiver that,
      or whose author, was stopped, stalled, cut off, or nearly so for a while:
      for more than 3.5 s with pauses of less than 3 s; or where either has a
      small receive buffer (--rcvbuf), which loses bursts as a whole.  Not
      counted is what was said before the receiver first heard the author, nor
      what an author said that it knew by reports of others alone.
  false exit
      When an author exits 0, each member that it counted on prints every
      line written after the author printed that member's join, so far as the
      member ran to the end.  The same holds for one that exits 1, for each
      member that it counted on and that it does not name.
  false blame
      A member that an author names as having lost lines ("gave up waiting")
      and that ran to the end lacks one.
  exit
      A member that was not killed exits 0, or an author 1 with "not confirmed
      by" on stderr, and with no such words it exits 0.
  hang
      After all is healed a member whose input ends exits within a bound.
  stderr
      Each line of stderr begins with "mchat: ": none is of a sanitizer.
  history
      Lines that are marked as history come first, and no more than asked for.
  presence
      Of each member joins and leaves alternate.
  stranger, json, unnamed loss
      Each event is a JSON object of a member that exists, which a loss names by
      nick and id.

Of a receiver that was killed or left only what it printed is judged, not what
it did not print any more."""

import re

from transcript import Violation, runs

ALONE = "not confirmed by "
MEET_SECONDS = 10
DISTURBED_SECONDS = 3.5
PAUSE_SECONDS = 3


def blamed(stderr):
    """The members that an author names at its end: name to reason; and whether
    there were more than it names."""
    names = {}
    found = re.findall(r"^mchat: not confirmed by (.*)$", stderr, re.M)
    for line in found:
        for name, reason in re.findall(r"([tr]\d+) \(([^)]*)\)", line):
            names[name] = reason
    return names, any(re.search(r"\d+ (more|who left)", x) for x in found)


class Judge:
    """`members` are name to anything with joined, said, lines, fate, status,
    ended, born, spec and errors(); `transcripts` name to Transcript; `keys_of`
    (optional) gives the keys of disturbances of a pair of names in `record`."""

    def __init__(self, members, transcripts, record=None, keys_of=None):
        self.members = members
        self.transcripts = transcripts
        self.record = record
        self.keys_of = keys_of
        self.violations = {}  # (rule, receiver, author) to Violation
        self.stderr = {}
        self.blames = {}
        self.ids = {}  # name to ids that are known for it
        self.lacking_pairs = []  # (receiver, author) that are not settled

    def complain(self, rule, receiver, author, text):
        self.violations.setdefault(
            (rule, receiver, author), Violation(rule, receiver, author, text))

    # ---- facts ----

    def gather(self):
        """Brings up to date what follows from the transcripts."""
        self.ids = {}
        for transcript in self.transcripts.values():
            for key, name in transcript.names.items():
                self.ids.setdefault(name, set()).add(key)
        for name, member in self.members.items():
            if member.status is not None and name not in self.stderr:
                self.stderr[name] = member.errors()
                self.blames[name] = blamed(self.stderr[name])

    def track(self, receiver, author):
        tracks = self.transcripts[receiver].tracks
        for key in self.ids.get(author, ()):
            if key in tracks:
                return tracks[key]
        return None

    def first_owed(self, receiver, author):
        """Number of the first line written after the receiver was in the group;
        one more than there are when there is none."""
        joined = self.members[receiver].joined
        said = self.members[author].said
        if joined is None:
            return len(said) + 1
        return next((i + 1 for i, at in enumerate(said) if at > joined),
                    len(said) + 1)

    def counts_on(self, author, receiver):
        """Whether the author knew the receiver when it ended, and does not say
        that the receiver lacks something."""
        names, has_more = self.blames.get(author, ({}, False))
        track = self.track(author, receiver)
        return (track is not None and track.is_here and receiver not in names
                and not has_more)

    def most_had(self, author, receivers):
        tracks = [self.track(r, author) for r in receivers if r != author]
        return max((t.last for t in tracks if t), default=0)

    def required(self, receiver, author, receivers):
        """The last line that the receiver must have or be told of."""
        member = self.members[author]
        if member.status is None or (
                member.fate != "killed" and self.counts_on(author, receiver)):
            return len(member.said)
        return self.most_had(author, receivers)

    def spans(self, receiver, author):
        if self.record is None:
            return 0, 0, []
        a, b = self.members[receiver], self.members[author]
        begin = max(a.joined or a.born, b.joined or b.born)
        end = min(m.ended or float("inf") for m in (a, b))
        end = min(end, self.record.healed)
        return begin, end, self.record.between(
            self.keys_of(receiver, author), begin, end)

    def could_meet(self, receiver, author):
        begin, end, spans = self.spans(receiver, author)
        last = begin
        for since, until in spans + [(end, end)]:
            if since - last >= MEET_SECONDS:
                return True
            last = max(last, until)
        return False

    def was_disturbed(self, receiver, author):
        if self.record is None or any(self.members[name].spec.rcvbuf
                                      for name in (receiver, author)):
            return True
        longest, last, since = 0, None, 0
        for begin, end in self.spans(receiver, author)[2]:
            if last is None or begin - last > PAUSE_SECONDS:
                since = begin
            longest = max(longest, end - since)
            last = end
        return longest > DISTURBED_SECONDS

    # ---- rules of a pair ----

    def judge_beginning(self, receiver, author, track):
        owed = self.first_owed(receiver, author)
        if not track.first:
            return
        lacks = [n for n in range(owed, track.first) if not track.has(n)]
        is_told = track.is_before_unknown and \
            self.was_disturbed(receiver, author)
        if track.before < len(lacks) and not is_told:
            self.complain(
                "beginning", receiver, author,
                f"owed from line {owed} on, begins with {track.first}; lines "
                f"{runs(lacks)} ({len(lacks)}) are missing, told lost before: "
                f"{track.before}")
        elif track.before > track.first - 1 - track.history:
            self.complain(
                "overcount", receiver, author,
                f"begins with line {track.first} but was told a loss of "
                f"{track.before} before")

    def judge_tail(self, receiver, author, receivers):
        """Whether the receiver lacks nothing silently behind its last line."""
        said = len(self.members[author].said)
        owed = self.first_owed(receiver, author)
        needed = self.required(receiver, author, receivers)
        track = self.track(receiver, author)
        if track is None:
            could_meet = self.could_meet(receiver, author)
            if needed >= owed and could_meet:
                self.complain("acquaintance", receiver, author,
                              f"never heard of, owed lines {owed} to {needed}")
            runs_on = self.members[author].status is None
            return needed < owed or not (could_meet or runs_on)
        # What it has of the time before it came is history.
        base = max(track.last or 0, owed - 1)
        if track.is_unknown and (track.left_by == "timeout"
                                 or track.joined_at is None):
            return True
        if track.is_unknown:
            self.complain("tail", receiver, author, "told that nobody knows how"
                          " many are lost, of an author that did not time out")
        if (track.last or 0) + track.pending > said:
            self.complain("overcount", receiver, author,
                          f"has line {track.last} of {said} and was told a "
                          f"loss of {track.pending} behind it")
        if base + track.pending >= needed:
            return True
        self.complain("tail", receiver, author,
                      f"ends with line {track.last} and a told loss of "
                      f"{track.pending}, must have or be told all to {needed} "
                      f"of {said}; the author {self.end_of(author)}")
        return False

    def end_of(self, author):
        member = self.members[author]
        if member.status is None:
            return "runs"
        if member.fate == "killed":
            return "was killed"
        return f"exited {member.status}"

    def judge_losses(self, receiver, author, track):
        member = self.members[author]
        told = track.told - track.before
        if told > 0 and member.fate != "killed" and track.joined_at and \
                not self.was_disturbed(receiver, author):
            self.complain("needless loss", receiver, author,
                          f"told a loss of {told} though undisturbed")

    # ---- rules of an author's end ----

    def lacking(self, receiver, author, since):
        """The author's lines that were written after a time and that the
        receiver did not print."""
        track = self.track(receiver, author)
        begin = max(since, self.members[receiver].joined or float("inf"))
        return [i + 1 for i, at in enumerate(self.members[author].said)
                if at > begin and not (track and track.has(i + 1))]

    def judge_exit(self, author, survivors):
        member = self.members[author]
        names, _ = self.blames[author]
        if member.fate in ("killed", "left over"):
            return
        wants = 1 if ALONE in self.stderr[author] else 0
        if member.status != wants:
            self.complain("exit", "-", author,
                          f"status {member.status}, stderr ends: "
                          f"{self.stderr[author][-300:]!r}")
        for receiver in survivors:
            if receiver == author:
                continue
            track = self.track(author, receiver)
            lacks = track and track.joined_at is not None and \
                self.lacking(receiver, author, track.joined_at)
            if lacks and self.counts_on(author, receiver):
                self.complain(
                    "false exit", receiver, author,
                    f"exit status {member.status}, not naming the receiver, "
                    f"which it knew and which lacks {runs(lacks)} "
                    f"({len(lacks)} of {len(member.said)})")
            elif "gave up" in names.get(receiver, "") and \
                    not self.lacking(receiver, author, 0):
                self.complain("false blame", receiver, author,
                              f"has all, the author says: {names[receiver]}")

    # ---- all ----

    def lacks_nothing(self, receivers):
        """Whether these receivers have all, or were told; asks, and does not
        judge."""
        before, self.violations = self.violations, {}
        self.gather()
        self.lacking_pairs = [
            (r, a) for r in receivers for a in self.authors()
            if a != r and not self.judge_tail(r, a, receivers)]
        self.violations = before
        return not self.lacking_pairs

    def authors(self):
        return [n for n, m in self.members.items() if m.said]

    def judge_tails(self, receivers):
        """Of receivers that run and to which everything has come that can."""
        self.gather()
        for receiver in receivers:
            for author in self.authors():
                if author != receiver:
                    self.judge_tail(receiver, author, receivers)

    def judge_all(self, survivors):
        """At the end; survivors are receivers that ran until then."""
        self.gather()
        for name, transcript in self.transcripts.items():
            for violation in transcript.violations:
                self.complain(*violation)
            for author in self.authors():
                track = self.track(name, author)
                if track is not None:
                    self.judge_beginning(name, author, track)
                    self.judge_losses(name, author, track)
                    self.judge_history(name, author, track)
        for name in self.members:
            self.judge_stderr(name)
            self.judge_exit(name, survivors)

    def judge_history(self, receiver, author, track):
        wanted = self.members[receiver].spec.history
        if track.history > wanted:
            self.complain("history", receiver, author,
                          f"{track.history} lines, {wanted} asked for")

    def judge_stderr(self, name):
        for line in self.stderr[name].splitlines():
            if not line.startswith("mchat: "):
                self.complain("stderr", "-", name, repr(line))
                return
