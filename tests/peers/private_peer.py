#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Programs in a private group that are not mchat: a member, and outsiders.

    private_peer.py say HOST KEY NICK TEXT...   a member: says each TEXT; AHEAD
                                                seconds is its clock ahead
    private_peer.py record HOST FILE            each datagram, in hex, a line
    private_peer.py replay HOST FILE [TIMES]    them again, as they came, then
                                                TIMES - 1 times shuffled
    private_peer.py flip HOST FILE              of some, each bit turned over
    private_peer.py forge HOST FILE             their headers with what comes
        next, before other texts, other tags, parts of one another, other keys
    private_peer.py plain HOST ID NICK...       without a key, in the name of
        each member ID: lines, a nick, a bye, and that it confirms all
    private_peer.py confirm HOST                without a key: a member that
        confirms whatever it hears of others
    private_peer.py clone HOST KEY FILE         a member that seals under the
        session of the last datagram of the file, with the next numbers

HOST is ADDRESS,GROUP,PORT: the own address, and where to.
"""

import os
import random
import signal
import socket
import struct
import sys
import time

import private_group
from private_group import Group, Header, Sealer

PAUSE = 0.0002  # between two datagrams, so that no receiver need lose any
FLIPPED = 6     # datagrams that are spoiled bit by bit


class Network:
    def __init__(self, where):
        address, group, port = where.split(",")
        self.target = (group, int(port))
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.socket.bind(self.target)
        interface = socket.inet_aton(address)
        self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                               socket.inet_aton(group) + interface)
        self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,
                               interface)
        self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)

    def send(self, datagram):
        self.socket.sendto(datagram, self.target)
        time.sleep(PAUSE)

    def heard(self, seconds):
        """Each datagram that comes meanwhile."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                yield self.socket.recv(65536)
            except socket.timeout:
                return


# ---- packets of members; mchat-protocol(7) ----

DATA, STATE = 1, 10
STATE_NEW, STATE_BYE = 1, 2


def packet_header(kind, flags, member):
    return struct.pack(">BBBBLQ", 0xf9, 0x10 | kind, flags, 0, 0, member)


def ages(age, quiet):
    return age.to_bytes(5, "big") + quiet.to_bytes(3, "big")


def number_bytes(*values):
    """Numbers of a STATE: seven bits a byte, all but the last marked."""
    result = b""
    for value in values:
        groups = [value & 0x7f]
        while value := value >> 7:
            groups.insert(0, value & 0x7f | 0x80)
        result += bytes(groups)
    return result


def numbers(packet, at, count):
    """So many of them from there on."""
    result = []
    for _ in range(count):
        value = packet[at] & 0x7f
        while packet[at] & 0x80:
            at += 1
            value = value << 7 | packet[at] & 0x7f
        at += 1
        result.append(value)
    return result


def data(member, number, records):
    """A packet, and its first message, of this number."""
    text = b"".join(struct.pack(">BH", kind, len(value)) + value
                    for kind, value in records)
    return (packet_header(DATA, 0, member) + struct.pack(">QQ", number, number)
            + struct.pack(">Q", int(time.time() * 1000)) + ages(0, 0) + text)


def report(origin, last=(1 << 63) - 2):
    """All that a member has said is here; by default all it ever may say."""
    return (struct.pack(">QBB", origin, 1, 0)
            + number_bytes(last + 1, last, last, 0, 1, 0))


def state(member, flags, counter, last, nick, origins=()):
    return (packet_header(STATE, flags, member)
            + number_bytes(counter, 1, last, last, 0, 1)
            + bytes([1, len(origins), len(nick)]) + nick
            + b"".join(report(*origin) for origin in origins))


# ---- a member ----

def answer(network, sealer, seconds):
    """Names the sessions that ask for it, as long as that."""
    for datagram in network.heard(seconds):
        try:
            header = Header.decode(datagram)
        except private_group.Foreign:
            continue
        if header.kind != private_group.NAMES:
            continue
        header, packet = private_group.unseal(sealer.group, datagram)
        if sealer.session in private_group.named(packet):
            network.send(sealer.seal(private_group.names([header.session]),
                                     private_group.NAMES_REPLY))


def say(network, key, nick, *texts):
    network.socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
    sealer = Sealer(Group(private_group.key_in(key)),
                    int(os.environ.get("AHEAD", "0")))
    member = int.from_bytes(os.urandom(8), "big") | 1
    nick = nick.encode()
    packets = [data(member, number, [(4, nick), (1, text.encode())])
               for number, text in enumerate(texts, 1)]
    # Nobody is waited for: until it is named, what it says is not heard.
    for turn in range(20):
        flags = STATE_NEW if turn == 0 else 0
        network.send(sealer.seal(state(member, flags, turn, len(texts), nick)))
        for packet in packets:
            network.send(sealer.seal(packet))
        answer(network, sealer, 0.1)
    for turn in range(3):
        network.send(sealer.seal(state(member, STATE_BYE, 20 + turn,
                                       len(texts), nick)))


def clone(network, key, name):
    group = Group(private_group.key_in(key))
    sealer = Sealer(group)
    last = Header.decode(read(name)[-1])
    sealer.session, sealer.number = last.session, last.number + 1000
    network.send(sealer.seal(state(1, 0, 1, 0, b"clone")))


# ---- outsiders ----

def read(name):
    with open(name, encoding="ascii") as file:
        return [bytes.fromhex(line) for line in file]


def record(network, name):
    # So that a signal leaves whole lines.
    ended = []
    signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
    with open(name, "w", encoding="ascii", buffering=1) as file:
        print("recording", flush=True)
        while not ended:
            for datagram in network.heard(0.1):
                file.write(datagram.hex() + "\n")


def replay(network, name, times="1"):
    datagrams = read(name)
    for time_number in range(int(times)):
        if time_number > 0:
            random.shuffle(datagrams)
        for datagram in datagrams:
            network.send(datagram)
    print(len(datagrams) * int(times))


def some(datagrams):
    """Of each session the last."""
    last = {datagram[8:16]: datagram for datagram in datagrams}
    return list(last.values())[:FLIPPED]


def flip(network, name):
    count = 0
    for datagram in some(read(name)):
        for bit in range(8 * min(len(datagram), 104)):
            spoiled = bytearray(datagram)
            spoiled[bit // 8] ^= 1 << bit % 8
            network.send(bytes(spoiled))
            count += 1
    print(count)


def variants(datagram, others, group):
    """What is made of a datagram without the key of the group."""
    header = Header.decode(datagram)
    header.time = int(time.time())
    for step in range(1, 40):
        header.number += 1
        nonce = header.encode()
        yield nonce + datagram[24:]
        yield nonce + os.urandom(len(datagram) - 24)
        yield nonce + datagram[24:-16] + os.urandom(16)
        yield nonce + random.choice(others)[24:]
        yield private_group.seal(group, header, b"\xf9\x1a" + bytes(30))
        yield datagram[:24 + 32 * (step % 3)] + os.urandom(48)
    header.session = int.from_bytes(os.urandom(8), "big")
    for number in range(1, 40):
        header.number = number
        yield header.encode() + datagram[24:]


def forge(network, name):
    datagrams = read(name)
    count = 0
    for datagram in some(datagrams):
        group = Group(os.urandom(32))
        group.tag = datagram[2:4]
        for forged in variants(datagram, datagrams, group):
            network.send(forged)
            count += 1
    print(count)


def plain(network, *members):
    ids = [int(one, 16) for one in members[0::2]]
    made_up = int.from_bytes(os.urandom(8), "big") | 1
    count = 0
    for round_number in range(20):
        for member, nick in zip((*ids, made_up), (*members[1::2], "mallory")):
            counter = (1 << 40) + 10 * round_number
            number = 1 + round_number
            for packet in (
                    state(member, STATE_NEW, counter, 1 << 20, nick.encode()),
                    data(member, number, [(4, b"forged"), (1, b"forged")]),
                    state(member, 0, counter + 1, 1 << 20, b"forged",
                          [(one,) for one in ids]),
                    state(member, STATE_BYE, counter + 2, 1 << 20,
                          nick.encode())):
                network.send(packet)
                count += 1
        network.send(b"forged\n")
        time.sleep(0.05)
    print(count)


def confirm(network):
    """Until a signal."""
    last = {}
    counter = 0
    for packet in network.heard(60):
        if len(packet) < 25 or packet[0] != 0xf9 or packet[1] >> 4 != 1:
            continue
        kind = packet[1] & 15
        if kind not in (DATA, STATE):
            continue
        member = int.from_bytes(packet[8:16], "big")
        number = (int.from_bytes(packet[16:24], "big")
                  if kind == DATA else numbers(packet, 16, 3)[2])
        last[member] = max(number, last.get(member, 0))
        counter += 1
        network.send(state(7, STATE_NEW if counter == 1 else 0, counter, 0,
                           b"mallory", list(last.items())[:16]))


COMMANDS = {"confirm": confirm, "say": say, "clone": clone, "record": record,
            "replay": replay, "flip": flip, "forge": forge, "plain": plain}

if len(sys.argv) < 3 or sys.argv[1] not in COMMANDS:
    sys.exit(__doc__)
random.seed(int(os.environ.get("SEED", "1")))
COMMANDS[sys.argv[1]](Network(sys.argv[2]), *sys.argv[3:])
