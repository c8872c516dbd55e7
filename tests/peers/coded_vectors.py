#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
#
# Another implementation of the combinations of mchat-protocol(7), which shares
# nothing with mchat: slow, and written from the manual.
#
#   coded_vectors.py combine INDEX PACKET...   the CODE of these DATA packets of
#                                              one block from its first one on
#   coded_vectors.py solve CODE PACKET...      the DATA that is missing: one of
#                                              the arguments is "-"
#   coded_vectors.py check PACKET              its check, in hex
#
# Packets are hex digits, in which blanks do not count.

import struct
import sys

C1, C2, C3 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
WORD = (1 << 64) - 1


# ---- the field ----

def multiply(a, b):
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 0x100:
            a ^= 0x11D
        b >>= 1
    return product


def inverse(a):
    return next(b for b in range(1, 256) if multiply(a, b) == 1)


def coefficient(index, column):
    return inverse((255 - index) ^ column)


# ---- symbols ----

def mix(lane, word):
    mixed = (lane ^ word) * C1 & WORD
    return mixed ^ mixed >> 32


def check(packet):
    author, sequence = struct.unpack(">QQ", packet[8:24])
    content = packet[24:]
    lanes = [author, sequence, (packet[2] & ~1) << 32 | len(content), C2]
    lanes = [mix(lane, i + 1) for i, lane in enumerate(lanes)]
    content += bytes(-len(content) % 32)
    for i in range(len(content) // 8):
        word, = struct.unpack(">Q", content[8 * i:8 * i + 8])
        lanes[i % 4] = mix(lanes[i % 4], word)
    everything = C3
    for lane in lanes:
        everything = mix(everything, lane)
    everything = (everything ^ everything >> 30) * C2 & WORD
    everything = (everything ^ everything >> 27) * C3 & WORD
    return everything >> 32


def symbol(packet):
    return struct.pack(">BBHI", packet[2] & ~1, 0, len(packet),
                       check(packet)) + packet[24:]


def add(total, one, factor):
    total = bytearray(total.ljust(len(one), b"\0"))
    for i, byte in enumerate(one):
        total[i] ^= multiply(byte, factor)
    return bytes(total)


# ---- packets ----

def combine(index, packets):
    first = packets[0]
    total = b""
    for column, packet in enumerate(packets):
        total = add(total, symbol(packet), coefficient(index, column))
    sequence, = struct.unpack(">Q", first[16:24])
    return bytes([0xF9, 0x19, 0, index]) + first[4:16] + struct.pack(
        ">Q", sequence + len(packets) - 1) + total


def solve(code, packets):
    total = code[24:]
    for column, packet in enumerate(packets):
        if packet:
            total = add(total, symbol(packet), coefficient(code[3], column))
    missing = packets.index(b"")
    one = add(b"", total, inverse(coefficient(code[3], missing)))
    flags, _, size, expected = struct.unpack(">BBHI", one[:8])
    last, = struct.unpack(">Q", code[16:24])
    packet = bytes([0xF9, 0x11, flags, 0]) + code[4:16] + struct.pack(
        ">Q", last - len(packets) + 1 + missing) + one[8:size - 16]
    if check(packet) != expected:
        sys.exit("the check is wrong")
    return packet


def main(command, *arguments):
    if command == "combine":
        print(combine(int(arguments[0]),
                      [bytes.fromhex(one) for one in arguments[1:]]).hex())
    elif command == "solve":
        print(solve(bytes.fromhex(arguments[0]),
                    [b"" if one == "-" else bytes.fromhex(one)
                     for one in arguments[1:]]).hex())
    else:
        print(f"{check(bytes.fromhex(arguments[0])):08x}")


main(*sys.argv[1:])
