# SPDX-License-Identifier: ISC
"""What members say.  A line that is not empty holds its author's name and its
number, so that no two are alike; the padding follows from both."""

import zlib

MESSAGE_MAX = 65536  # bytes; a longer line would become several messages

# Characters that have to travel unchanged though a terminal must not get them,
# and no UTF-8 at all.
ODD = (
    "\N{HANGUL SYLLABLE HAN}\N{HANGUL SYLLABLE GEUL} \N{PILE OF POO}".encode(),
    b"\x1b[31m\x07\x00\x7f \"quoted\\\" \t\r",
    "\N{RIGHT-TO-LEFT OVERRIDE}abc\N{LINE SEPARATOR}\N{ZERO WIDTH JOINER}"
    .encode(),
    b"\xff\xfe\x80 latin \xe9t\xe9 \xc3",
    b"\xf0\x9f\x92 cut \xed\xa0\x80 surrogate \xc0\xaf",
)
PADDING = bytes(range(0x21, 0x7f)) * 700


def make_line(name, number, kind):
    """The line of this number, without its newline."""
    head = f"{name} {number} ".encode()
    roll = zlib.crc32(head)
    if kind == "empty" or (kind == "mixed" and roll % 97 == 0):
        return b""
    if kind == "odd" or (kind == "mixed" and roll % 89 == 1):
        return head + ODD[roll // 100 % len(ODD)]
    if kind == "long":
        size = MESSAGE_MAX - (0 if roll % 2 else roll // 2 % 40000)
    else:
        size = len(head) + roll % (300 if roll % 7 == 0 else 60)
    start = roll % len(PADDING[:94])
    return (head + PADDING[start:])[:max(size, len(head))]
