# SPDX-License-Identifier: ISC
"""Whether the judge notices what it should: it is given fabricated transcripts,
some true and some with one fault each, and must name the broken rule.  TAP."""

import json
import sys
from types import SimpleNamespace

from faults import Record
from judge import Judge
from starvation import Starvation
from transcript import Transcript

BORN = 1000.0  # of the fabricated clock; lines come a second apart
CHECKS = []


def event(kind, name, **more):
    return {"event": kind, "nick": name, "id": f"id of {name}",
            "time": "1970-01-01T00:16:40.000Z", **more}


def message(number, name="t1", **more):
    return event("message", name, seq=number, text=f"{name} {number}", **more)


def lost(count, name="t1"):
    return event("lost", name, count=count, why="")


JOIN = event("join", "t1")
TIMEOUT = event("leave", "t1", reason="timeout")
TALK = [message(n) for n in range(1, 6)]


class Case:
    """An author, t1, of five lines, which ended with status 0, and a receiver,
    r1, that was there from the beginning; r2 has all."""

    def __init__(self):
        said = [BORN + 1 + n for n in range(5)]
        self.members = {
            "t1": self.member(said=said, status=0, fate="left"),
            "r1": self.member(), "r2": self.member()}
        self.members["t1"].lines = [f"t1 {n + 1}".encode() for n in range(5)]
        self.printed = {
            "t1": [event("join", "r1"), event("join", "r2")],
            "r1": [JOIN] + TALK, "r2": [JOIN] + TALK}
        self.record = Record()
        self.record.healed = BORN + 60
        self.survivors = ["r1", "r2"]

    def member(self, said=(), status=None, fate="running"):
        return SimpleNamespace(
            joined=BORN, born=BORN, said=list(said), lines=[], fate=fate,
            status=status, ended=BORN + 30 if status is not None else None,
            stderr="mchat: in 239.255.77.67\n",
            spec=SimpleNamespace(history=0, rcvbuf=0))

    def judge(self):
        for member in self.members.values():
            member.errors = lambda member=member: member.stderr
        transcripts = {}
        for name, events in self.printed.items():
            transcripts[name] = Transcript(name, self.members)
            for e in events:
                transcripts[name].take_line(
                    e if isinstance(e, bytes) else json.dumps(e).encode())
        judge = Judge(self.members, transcripts, self.record,
                      lambda a, b: {("member", a), ("member", b)})
        judge.judge_tails(self.survivors)
        for name in self.survivors:
            member = self.members[name]
            if member.status is None:
                member.status, member.ended = 0, BORN + 60
                member.fate = "left"
        judge.judge_all(self.survivors)
        return judge.violations.values()


def check(name, change, *rules):
    """A case that was changed violates these rules at r1, and no others."""
    case = Case()
    change(case)
    found = list(case.judge())
    is_right = {v.rule for v in found} == set(rules)
    CHECKS.append(is_right)
    print(f"{'ok' if is_right else 'not ok'} {len(CHECKS)} - {name}")
    if not is_right:
        print(f"# expected {sorted(rules)}, found:")
        for violation in found:
            print(f"#   {violation}")


def prints(*events):
    """r1 prints these."""
    def change(case):
        case.printed["r1"] = list(events)
    return change


def disturbed(change):
    """r1 was stopped for 12 seconds meanwhile, and the author says that it is
    not confirmed."""
    def changed(case):
        case.record.begin(("member", "r1"), "stop", BORN + 2)
        case.record.end(("member", "r1"), "stop", BORN + 14)
        case.members["t1"].status = 1
        case.members["t1"].stderr += (
            "mchat: not confirmed by r1 (gave up waiting, lost lines from "
            "2 on); its stderr says how many it lost\n")
        change(case)
    return changed


def killed(change):
    def changed(case):
        case.members["t1"].status = -9
        case.members["t1"].fate = "killed"
        case.printed["r1"] = [JOIN]
        change(case)
    return changed


def put(who, **values):
    def change(case):
        for key, value in values.items():
            setattr(case.members[who], key, value)
    return change


def both(*changes):
    def change(case):
        for one in changes:
            one(case)
    return change


def r2_has(count):
    def change(case):
        case.printed["r2"] = [JOIN] + TALK[:count]
    return change


def author_prints(*events):
    def change(case):
        case.printed["t1"] = list(events)
    return change


def owed_from(number):
    """r1 was in the group only just before this line was written."""
    return put("r1", joined=BORN + number - 0.5)


def check_transcripts():
    check("a transcript where every line came", lambda case: None)
    check("a line comes twice", prints(JOIN, *TALK, TALK[2]), "double")
    check("two lines come in the wrong order",
          prints(JOIN, TALK[0], lost(1), TALK[2], TALK[1], *TALK[3:]),
          "order", "needless loss")
    check("a line is changed",
          prints(JOIN, *TALK[:4], {**TALK[4], "text": "t1 6"}), "changed")
    check("a line that was never said", prints(JOIN, *TALK, message(6)),
          "stranger")
    check("a line of nobody", prints(JOIN, *TALK, message(1, "t9")), "stranger")
    check("a line that is no JSON", prints(JOIN, *TALK, b"{"), "json")
    check("an author that joins twice", prints(JOIN, JOIN, *TALK), "presence")
    check("an untold hole", prints(JOIN, *TALK[:2], *TALK[3:]),
          "hole", "false exit")
    check("history that nobody asked for",
          prints(JOIN, {**TALK[0], "history": True}, *TALK[1:]), "history")
    check("history behind news",
          both(prints(JOIN, *TALK[:4], {**TALK[4], "history": True}),
               put("r1", spec=SimpleNamespace(history=20, rcvbuf=0))),
          "history")
    odd = [JOIN, *TALK[:4], {**TALK[4], "text": "\ufffd", "base64": "/w=="}]
    check("a line that is no UTF-8 is compared by its bytes", both(
        prints(*odd), lambda case: case.printed.update(r2=odd),
        lambda case: case.members["t1"].lines.__setitem__(4, b"\xff")))


def check_losses():
    check("a loss that is told exactly", disturbed(
        prints(JOIN, *TALK[:1], lost(1), lost(1), *TALK[3:])))
    check("a loss that is told to an undisturbed receiver",
          prints(JOIN, *TALK[:1], lost(2), *TALK[3:]),
          "needless loss", "false exit")
    check("a loss of an author known by reports alone", killed(both(
        put("t1", fate="left", status=1, stderr="mchat: not confirmed by r1 "
            "(silent for 5 s, lacks lines 1 to 5)"),
        prints(*TALK[:1], lost(2), *TALK[3:]))))
    check("a loss of an author whose name comes later", disturbed(
        prints(lost(1, "") | {"id": JOIN["id"]}, JOIN, *TALK[1:])))
    check("a loss of which one too few is told", disturbed(
        prints(JOIN, *TALK[:1], lost(1), *TALK[3:])), "hole")
    check("a loss of which one too many is told", disturbed(
        prints(JOIN, *TALK[:1], lost(3), *TALK[3:])), "overcount")
    check("a loss without a name", disturbed(prints(
        JOIN, TALK[0], {"event": "lost", "count": 2}, *TALK[3:])),
          "unnamed loss", "hole")
    check("a loss without a number before more came", disturbed(prints(
        JOIN, TALK[0], lost(None), TIMEOUT, JOIN, *TALK[3:])), "hole")


def check_ends():
    check("a silent beginning", prints(JOIN, *TALK[2:]),
          "beginning", "false exit")
    check("a beginning that is told",
          disturbed(prints(JOIN, lost(2), *TALK[2:])))
    check("a beginning that is told without a number",
          prints(JOIN, lost(None), *TALK[2:]), "beginning", "false exit")
    check("the same of one that was disturbed", disturbed(both(
        put("t1", status=1, stderr="mchat: not confirmed by r1 (silent for 5 s,"
            " lacks lines 1 to 5)"),
        prints(JOIN, lost(None), *TALK[2:]))))
    check("a beginning that was not owed",
          both(prints(JOIN, *TALK[2:]), owed_from(3)))
    check("more is told than was before it",
          both(prints(JOIN, lost(3), *TALK[2:]), owed_from(3)), "overcount")
    check("a silent tail", prints(JOIN, *TALK[:3]), "tail", "false exit")
    check("nothing came at all", prints(JOIN), "tail", "false exit")
    check("a tail that is told", disturbed(prints(JOIN, *TALK[:3], lost(2))))
    check("a tail of which more is told than said",
          disturbed(prints(JOIN, *TALK[:3], lost(3))), "overcount")
    check("an author that r1 never heard of", both(
        prints(), author_prints(event("join", "r2"))), "acquaintance")
    check("an author that it could not hear of", both(
        prints(), author_prints(event("join", "r2")),
        lambda case: case.record.begin(("member", "r1"), "cut", BORN)))


def check_deaths():
    check("an author killed before anybody had a line", killed(r2_has(0)))
    check("r2 has lines of a killed one, r1 none", killed(r2_has(3)), "tail")
    check("r2 has three such lines, r1 is told of two", killed(both(
        r2_has(3), prints(JOIN, lost(2)))), "tail")
    check("r2 has three such lines, r1 is told of three", killed(both(
        r2_has(3), prints(JOIN, lost(3)))))
    check("an author killed before r1 came owes it nothing", killed(both(
        r2_has(5), owed_from(6),
        prints(JOIN, {**TALK[1], "history": True}),
        put("r1", joined=BORN + 5.5,
            spec=SimpleNamespace(history=20, rcvbuf=0)))))
    check("an author killed later owes r1 what it said since", killed(both(
        r2_has(5), owed_from(4),
        prints(JOIN, {**TALK[1], "history": True}),
        put("r1", spec=SimpleNamespace(history=20, rcvbuf=0)))), "tail")
    check("a killed author's uncounted loss, with a timeout", killed(both(
        r2_has(3), prints(JOIN, lost(None), TIMEOUT))))
    check("a killed author's uncounted loss, no timeout", killed(both(
        r2_has(3), prints(JOIN, lost(None)))), "tail")
    check("a killed author's uncounted loss, known by reports alone", killed(
        both(r2_has(3), prints(lost(None)))))


def check_exits():
    check("a false exit 0: the receiver was told its loss",
          disturbed(both(put("t1", status=0, stderr=""),
                         prints(JOIN, TALK[0], lost(2), *TALK[3:]))),
          "false exit")
    check("a false exit 1: another one is named", disturbed(both(
        put("t1", stderr="mchat: not confirmed by r2 (silent for 5 s, lacks "
            "line 5); look\n"),
        prints(JOIN, TALK[0], lost(2), *TALK[3:]))), "false exit")
    check("a true exit 0: the author had told that it gave the receiver up",
          both(prints(JOIN, *TALK[:3], lost(2)), disturbed(both(
              put("t1", status=0, stderr=""),
              author_prints(event("join", "r1"), event("join", "r2"), event(
                  "leave", "r1", reason="timeout"))))))
    check("the author blames a receiver that has every line",
          disturbed(lambda case: None), "false blame")
    check("an exit 1 without a reason on stderr", put("t1", status=1), "exit")
    check("an exit 0 with a reason on stderr", put(
        "t1", stderr="mchat: not confirmed by r1 (has left, lacks line 5)\n"),
          "exit")
    check("a crash", put("t1", status=-11), "exit")
    check("a sanitizer's report",
          put("r1", stderr="==1==ERROR: AddressSanitizer\n"), "stderr")


def starved(share, is_unread):
    """For a second the processor was waited for, for this share of it."""
    record = Record()
    starvation = Starvation(record)
    starvation.at = BORN
    starvation.before = {"r1": 5.0}
    starvation.judge("r1", 5.0 + share, 1.0, BORN + 1, is_unread)
    return record.between({("member", "r1")}, BORN, BORN + 2)


def check_starvation():
    for name, found, expected in (
            ("a member that got the processor", starved(0.1, False), []),
            ("one that waited for it", starved(0.9, False),
             [[BORN, BORN + 1]]),
            ("one whose output nobody read", starved(0.1, True),
             [[BORN, BORN + 1]])):
        CHECKS.append(found == expected)
        print(f"{'ok' if CHECKS[-1] else 'not ok'} {len(CHECKS)} - {name}")


def main():
    check_transcripts()
    check_losses()
    check_ends()
    check_deaths()
    check_exits()
    check_starvation()
    print(f"1..{len(CHECKS)}")
    return 0 if all(CHECKS) else 1


if __name__ == "__main__":
    sys.exit(main())
