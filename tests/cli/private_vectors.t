#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The other implementation of private groups, which tests hold against mchat,
# is sound itself: it has the vectors of the RFCs, makes the examples of
# mchat-protocol(7), opens them, and opens nothing that was changed.

. "${0%/*}/../lib.sh"
requires python3

peer=$top/tests/peers/private_vectors.py
vectors() {
	python3 -B "$peer" "$@"
}

succeeds "vectors of RFC 8439 and of draft-irtf-cfrg-xchacha" vectors check

vectors examples >"$scratch/examples"
is "$(sed -n 's/^prk //p' "$scratch/examples")" "a74626a297491b80e6fffe44592\
4a7774adde46038c6f7cb0322507719b3703d" "the key that all others come from"
is "$(sed -n 's/^subkey //p' "$scratch/examples" | uniq)" "69ed5d730823efe7857a\
f82e50d824f1de4862d8650646333b20e1b88083b85f
c9bbd03eb150b0cfe86892be6c720a93f9a9c2dda5d42200eda94db0c6f06395" "the subkeys"
sed -n 's/^sealed //p' "$scratch/examples" >"$scratch/sealed"
is "$(sed -n '1p;3p' "$scratch/sealed")" "f921d53e692800005e55000000000001a1b2\
c30000000001e5d2d1fbff8877a822b9f31b75439b306cde361c23d5c3c42f93261bee179760949\
16b8f0a5b959eb81210ce824e900178e34333ab473622b888a20d1c90f2fb9aadcef7b888a7d2f5\
74d0175de0905b
f922d53e692800005e55000000000001a1b2c3000000000201e375563a7836474283673d27e7032\
a245666353f3a80bd3cd5363ded53af7d8be1dbbebed1a55fe3a30b8b561fcc1b" \
	"the datagrams"

digits=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
echo "mchat-key-1 $digits" >"$scratch/key"
is "$(vectors open "$scratch/key" <"$scratch/sealed")" "1 1764229120 \
5e55000000000001 1 f911000000000000a11ce0000000000100000000000000070000000000\
0000090000019aabcdef0101000568656c6c6f
1 1764229120 5e55000000000001 1 f911000000000000a11ce000000000010000000000000\
0070000000000000009000001\
9aabcdef01000001234500067801000568656c6c6f
2 1764229120 5e55000000000001 2 015e55000000000002" "and what is in them"
is "$(vectors open "$scratch/key" lobby <"$scratch/sealed" | uniq)" foreign \
	"in a room they are another group's"

# Each bit of the shortest turned over, but those that say whose it is.
tail -n 1 "$scratch/sealed" | python3 -c '
for bit in range(32, 576):
    datagram = bytearray.fromhex(open(0).read()) if bit == 32 else datagram
    datagram[bit // 8] ^= 128 >> bit % 8
    print(datagram.hex())
    datagram[bit // 8] ^= 128 >> bit % 8' >"$scratch/flipped"
is "$(wc -l <"$scratch/flipped")" 544 "each bit was changed"
is "$(vectors open "$scratch/key" <"$scratch/flipped" | sort | uniq -c |
	xargs)" "544 forged" "and each is noticed"

# ---- mchat-protocol(7) ----

manual=$top/src/man/mchat-protocol.7
# Rows of bytes, a datagram for each that begins with F9.
is "$(sed -n '/^\.Ss Examples of sealed/,/^\.Sh/s/^[0-9a-f][0-9a-f] .*/&/p' \
	"$manual" | tr -d ' ' | sed 's/^f92/\n&/' | awk -v RS= '{
		gsub(/\n/, "")
		print
	}')" "$(sed -n '2,3p' "$scratch/sealed")" "the manual has the datagrams"
shown=$(sed -n '/^\.Ss Examples of sealed/,/^\.Sh/p' "$manual" |
	tr -d ' \n' | sed 's/its//; s/key//g; s/code//g')
# manual_has WORD...: what another implementation says stands there.
manual_has() {
	for word; do
		case $shown in
		*"$word"*) ;;
		*) echo "$word"; return 1 ;;
		esac
	done
}
# shellcheck disable=SC2046 # words
succeeds "and what a key, a room and a code give" manual_has \
	$(vectors key $digits; vectors key $digits lobby;
		vectors code 00112233445566;
		sed -n 's/^prk //p' "$scratch/examples")
succeeds "and the subkey" manual_has \
	"$(sed -n 's/^subkey //p' "$scratch/examples" | head -n 1)"

done_testing
