# SPDX-License-Identifier: ISC
"""A private group by another implementation, written from the design alone:
what a key gives, codes, key files, and sealed datagrams."""

import hashlib
import hmac
import os
import struct
import sys
import time

import xchacha20poly1305

CONSONANTS = "bdfghjklmnprstvz"
VOWELS = "aiou"
LABEL = b"mchat code 1"

MAGIC, VERSION = 0xf9, 2
PACKET, NAMES, NAMES_REPLY, CHALLENGE, RESPONSE = 1, 2, 3, 4, 5
HEADER_SIZE = 24
SIZE_MIN, SIZE_MAX = 72, 1472
STEP = 32
NAMES_MAX = 64


class Malformed(Exception):
    """Authentic, and not what a member seals."""


class Foreign(Exception):
    """Not sealed, or with another key."""


def extract(salt, key):
    return hmac.new(salt, key, hashlib.sha256).digest()


def expand(prk, info, size):
    part = b""
    out = b""
    while len(out) < size:
        count = bytes([len(out) // 32 + 1])
        part = hmac.new(prk, part + info + count, hashlib.sha256).digest()
        out += part
    return out[:size]


class Group:
    """All that a key gives for a room, or without one."""

    def __init__(self, key, room=b""):
        prk = extract(b"mchat private group 1", key)
        place = expand(prk, b"place\0" + room, 6)
        name = expand(prk, b"name\0", 4).hex()
        self.prk = prk
        self.key = expand(prk, b"seal\0" + room, 32)
        self.tag = place[:2]
        self.address = f"239.255.{place[2] % 255}.{place[3]}"
        self.fingerprint = name[:4] + "-" + name[4:]


# ---- codes and key files ----

def word(number):
    places = ((CONSONANTS, 12), (VOWELS, 10), (CONSONANTS, 6), (VOWELS, 4),
              (CONSONANTS, 0))
    return "".join(letters[number >> shift & len(letters) - 1]
                   for letters, shift in places)


def code_of(random):
    data = random + hashlib.sha256(LABEL + random).digest()[:1]
    return "-".join(word(int.from_bytes(data[i:i + 2], "big"))
                    for i in range(0, 8, 2))


def key_of(code):
    letters = "".join(c for c in code.lower() if "a" <= c <= "z").encode()
    return hashlib.scrypt(letters, salt=LABEL, n=65536, r=8, p=1,
                          maxmem=2 ** 27, dklen=32)


def key_in(name):
    with open(name, encoding="ascii") as file:
        for line in file:
            if line.startswith("mchat-key-1 "):
                return bytes.fromhex(line.split()[1])
            if line.startswith("mchat-code-1 "):
                return key_of(line.split()[1])
    return sys.exit(f"{name}: no key")


# ---- datagrams ----

class Header:
    """The 24 bytes that are the nonce, too."""

    def __init__(self, kind, tag, seconds, session, guard, number):
        self.kind = kind
        self.tag = tag
        self.time = seconds
        self.session = session
        self.guard = guard
        self.number = number

    def encode(self):
        return (bytes([MAGIC, VERSION << 4 | self.kind]) + self.tag
                + struct.pack(">LQ", self.time & 0xffffffff, self.session)
                + self.guard + self.number.to_bytes(5, "big"))

    @staticmethod
    def decode(datagram):
        """Raises Foreign where it is no sealed datagram."""
        if (not SIZE_MIN <= len(datagram) <= SIZE_MAX or datagram[0] != MAGIC
                or datagram[1] >> 4 != VERSION):
            raise Foreign
        seconds, session = struct.unpack(">LQ", datagram[4:16])
        return Header(datagram[1] & 15, datagram[2:4], seconds, session,
                      datagram[16:19], int.from_bytes(datagram[19:24], "big"))


def padded(packet, room):
    """Up to a multiple of 32, but not beyond what a datagram of `room` bytes
    holds, unless the packet does."""
    steps = STEP * -(-(len(packet) + 1) // STEP)
    size = max(len(packet) + 1, min(steps, room - 40))
    return packet + b"\1" + bytes(size - len(packet) - 1)


def stripped(content):
    end = content.rstrip(b"\0")
    if not end.endswith(b"\1"):
        raise Malformed
    return end[:-1]


def seal(group, header, packet, room=SIZE_MAX):
    nonce = header.encode()
    return nonce + xchacha20poly1305.seal(group.key, nonce,
                                          padded(packet, room))


def unseal(group, datagram):
    """Header and packet; raises Foreign, Malformed or Forged."""
    header = Header.decode(datagram)
    if header.tag != group.tag:
        raise Foreign
    content = xchacha20poly1305.unseal(group.key, datagram[:HEADER_SIZE],
                                       datagram[HEADER_SIZE:])
    return header, stripped(content)


def names(sessions):
    """What a packet of kind NAMES or NAMES_REPLY holds."""
    return bytes([len(sessions)]) + struct.pack(f">{len(sessions)}Q", *sessions)


def named(packet):
    if not packet or not 1 <= packet[0] <= NAMES_MAX \
            or len(packet) != 1 + 8 * packet[0]:
        raise Malformed
    return struct.unpack(f">{packet[0]}Q", packet[1:])


class Sealer:
    """A member that seals: a session, and its numbers."""

    def __init__(self, group, ahead=0):
        self.group = group
        self.ahead = ahead  # of its clock, in seconds
        self.session = int.from_bytes(os.urandom(8), "big") | 1
        self.number = 0

    def header(self, kind):
        self.number += 1
        return Header(kind, self.group.tag, int(time.time()) + self.ahead,
                      self.session, os.urandom(3), self.number)

    def seal(self, packet, kind=PACKET):
        return seal(self.group, self.header(kind), packet)
