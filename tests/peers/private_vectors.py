#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What a private group's key gives, and what is sealed with it, by another
implementation in Python alone.

    private_vectors.py key HEX [ROOM]     seal key, tag, group, fingerprint
    private_vectors.py code HEX           code of seven random bytes, its key
    private_vectors.py file FILE [ROOM]   fingerprint and group of a key file
    private_vectors.py examples           those of mchat-protocol(7), in hex
    private_vectors.py open FILE [ROOM]   of each datagram, a line of hex on
        standard input: kind, time, session, number, packet; or what is wrong
    private_vectors.py check              its own algorithms, by RFC 8439 and
        draft-irtf-cfrg-xchacha-03; the exit status tells
"""

import sys

import private_group
import xchacha20poly1305
from private_group import Group, Header

SESSION = 0x5e55000000000001
GUARD = bytes.fromhex("a1b2c3")
# DATA of mchat-protocol(7); and as it was before it told an age.
HELLO = bytes.fromhex("f911000000000000a11ce00000000001"
                      "00000000000000070000000000000009"
                      "0000019aabcdef010000012345000678"
                      "01000568656c6c6f")
AGELESS = HELLO[:40] + HELLO[48:]
LADIES = (b"Ladies and Gentlemen of the class of '99: If I could offer you "
          b"only one tip for the future, sunscreen would be it.")


def show_key(words):
    group = Group(bytes.fromhex(words[0]), "".join(words[1:]).encode())
    print(group.key.hex(), group.tag.hex(), group.address, group.fingerprint)


def show_code(words):
    code = private_group.code_of(bytes.fromhex(words[0]))
    print(code, private_group.key_of(code).hex())


def group_of(words):
    return Group(private_group.key_in(words[0]), "".join(words[1:]).encode())


def show_file(words):
    group = group_of(words)
    print(f"fingerprint {group.fingerprint}, group {group.address}")


def show_examples(_):
    group = Group(bytes(range(32)))
    hello = Header(private_group.PACKET, group.tag, 0x69280000, SESSION, GUARD,
                   1)
    asks = Header(private_group.NAMES, group.tag, 0x69280000, SESSION, GUARD, 2)
    print("prk", group.prk.hex())
    for header, packet in ((hello, AGELESS), (hello, HELLO),
                           (asks, private_group.names([SESSION + 1]))):
        nonce = header.encode()
        print("subkey", xchacha20poly1305.hchacha20(group.key,
                                                    nonce[:16]).hex())
        print("sealed", private_group.seal(group, header, packet).hex())


def opened(group, datagram):
    try:
        header, packet = private_group.unseal(group, datagram)
    except private_group.Foreign:
        return "foreign"
    except private_group.Malformed:
        return "malformed"
    except xchacha20poly1305.Forged:
        return "forged"
    return (f"{header.kind} {header.time} {header.session:016x} "
            f"{header.number} {packet.hex()}")


def show_opened(words):
    group = group_of(words)
    for line in sys.stdin:
        print(opened(group, bytes.fromhex(line)))


def check(_):
    key = bytes(range(0x80, 0xa0))
    data = bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
    subkey = xchacha20poly1305.hchacha20(
        bytes(range(32)), bytes.fromhex("000000090000004a0000000031415927"))
    assert subkey.hex() == ("82413b4227b27bfed30e42508a877d73"
                            "a0f9e4d58a74a853c12ec41326d3ecdc")
    nonce = bytes(range(0x40, 0x58))
    sealed = xchacha20poly1305.seal(key, nonce, LADIES, data)
    assert sealed[-16:].hex() == "c0875924c1c7987947deafd8780acf49"
    assert xchacha20poly1305.unseal(key, nonce, sealed, data) == LADIES
    nonce = bytes.fromhex("070000004041424344454647")
    text = xchacha20poly1305.chacha20(key, 1, nonce, LADIES)
    tag = xchacha20poly1305.tag_of(key, nonce, text, data)
    assert tag.hex() == "1ae10b594f09e26a7e902ecbd0600691"


COMMANDS = {"key": show_key, "code": show_code, "file": show_file,
            "examples": show_examples, "open": show_opened, "check": check}

COMMANDS[sys.argv[1]](sys.argv[2:])
