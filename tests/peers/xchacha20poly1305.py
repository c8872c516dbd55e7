# SPDX-License-Identifier: ISC
"""XChaCha20-Poly1305 in Python alone, written from RFC 8439 and from
draft-irtf-cfrg-xchacha-03; slow, and not in constant time: for tests only."""

import struct

CONSTANTS = struct.unpack("<4L", b"expand 32-byte k")
MASK = 0xffffffff
CLAMP = 0x0ffffffc0ffffffc0ffffffc0fffffff
PRIME = (1 << 130) - 5
TAG_SIZE = 16


class Forged(Exception):
    """The tag is not that of the text under this key and nonce."""


def quarter_round(x, a, b, c, d):
    """RFC 8439, section 2.1."""
    for i, j, k, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8),
                          (c, d, b, 7)):
        x[i] = (x[i] + x[j]) & MASK
        x[k] ^= x[i]
        x[k] = (x[k] << turn | x[k] >> 32 - turn) & MASK


def rounds(state):
    """Twenty rounds, of columns and of diagonals by turns."""
    x = list(state)
    for _ in range(10):
        for i in range(4):
            quarter_round(x, i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter_round(x, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4,
                          12 + (i + 3) % 4)
    return x


def block(key, counter, nonce):
    """The 64 bytes of a block; RFC 8439, section 2.3."""
    state = (*CONSTANTS, *struct.unpack("<8L", key), counter,
             *struct.unpack("<3L", nonce))
    return struct.pack("<16L", *((a + b) & MASK
                                 for a, b in zip(state, rounds(state))))


def hchacha20(key, nonce):
    """The subkey of a key and 16 bytes; xchacha, section 2.2."""
    x = rounds((*CONSTANTS, *struct.unpack("<8L", key),
                *struct.unpack("<4L", nonce)))
    return struct.pack("<8L", *x[:4], *x[12:])


def chacha20(key, counter, nonce, text):
    """Encrypts, and decrypts; RFC 8439, section 2.4."""
    stream = b"".join(block(key, counter + i, nonce)
                      for i in range((len(text) + 63) // 64))
    return bytes(a ^ b for a, b in zip(text, stream))


def poly1305(key, text):
    """The tag of a text; RFC 8439, section 2.5."""
    r = int.from_bytes(key[:16], "little") & CLAMP
    total = 0
    for at in range(0, len(text), 16):
        total += int.from_bytes(text[at:at + 16] + b"\1", "little")
        total = total * r % PRIME
    total += int.from_bytes(key[16:], "little")
    return (total & (1 << 128) - 1).to_bytes(16, "little")


def tag_of(subkey, nonce, sealed, data):
    """RFC 8439, section 2.8."""
    text = b"".join(part + bytes(-len(part) % 16) for part in (data, sealed))
    text += struct.pack("<QQ", len(data), len(sealed))
    return poly1305(block(subkey, 0, nonce)[:32], text)


def inner(key, nonce):
    """Subkey and inner nonce of 24 bytes; xchacha, section 2.3."""
    return hchacha20(key, nonce[:16]), bytes(4) + nonce[16:]


def seal(key, nonce, text, data=b""):
    """The text, sealed, and its tag."""
    subkey, nonce = inner(key, nonce)
    sealed = chacha20(subkey, 1, nonce, text)
    return sealed + tag_of(subkey, nonce, sealed, data)


def unseal(key, nonce, sealed, data=b""):
    """The text; raises Forged where the tag is another."""
    subkey, nonce = inner(key, nonce)
    text, tag = sealed[:-TAG_SIZE], sealed[-TAG_SIZE:]
    if tag != tag_of(subkey, nonce, text, data):
        raise Forged
    return chacha20(subkey, 1, nonce, text)
