#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Random cases give what libsodium gives; SEED=N chooses others.

. "${0%/*}/../lib.sh"
echo '#include <sodium.h>' | "$CC" -fsyntax-only -x c - 2>/dev/null ||
	skip_all "libsodium's header is not here (libsodium-dev)"
nm "$BUILD/libmchat.a" 2>/dev/null | grep -q __asan_init &&
	skip_all "the library is built for a sanitizer"

"$CC" -std=c11 -D_XOPEN_SOURCE=700 -O2 -I"$top/include" -I"$top/tests" \
	-o "$scratch/libsodium" "$top/tests/checks/libsodium.c" \
	"$top/tests/tap.c" "$top/tests/random.c" "$BUILD/libmchat.a" -lsodium ||
	exit 1
"$scratch/libsodium"
