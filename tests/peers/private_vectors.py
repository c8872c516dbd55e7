#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What a private group's key gives, by another implementation: Python's hmac
and hashlib, written from the design alone.

    private_vectors.py key HEX [ROOM]     seal key, tag, group, fingerprint
    private_vectors.py code HEX           code of seven random bytes, its key
    private_vectors.py file FILE          fingerprint and group of a key file
"""

import hashlib
import hmac
import sys

CONSONANTS = "bdfghjklmnprstvz"
VOWELS = "aiou"
LABEL = b"mchat code 1"


def extract(salt, key):
    return hmac.new(salt, key, hashlib.sha256).digest()


def expand(prk, info, size):
    block = b""
    out = b""
    while len(out) < size:
        count = bytes([len(out) // 32 + 1])
        block = hmac.new(prk, block + info + count, hashlib.sha256).digest()
        out += block
    return out[:size]


def schedule(key, room):
    prk = extract(b"mchat private group 1", key)
    seal = expand(prk, b"seal\0" + room, 32)
    place = expand(prk, b"place\0" + room, 6)
    name = expand(prk, b"name\0", 4).hex()
    group = f"239.255.{place[2] % 255}.{place[3]}"
    return seal.hex(), place[:2].hex(), group, name[:4] + "-" + name[4:]


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
    letters = code.replace("-", "").encode()
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


def main(words):
    if words[0] == "key":
        room = words[2].encode() if len(words) > 2 else b""
        print(*schedule(bytes.fromhex(words[1]), room))
    elif words[0] == "code":
        code = code_of(bytes.fromhex(words[1]))
        print(code, key_of(code).hex())
    else:
        _, _, group, fingerprint = schedule(key_in(words[1]), b"")
        print(f"fingerprint {fingerprint}, group {group}")


main(sys.argv[1:])
