#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What sealing and opening do does not depend on the key nor on the content: no
# branch and no index, as memcheck sees it, at any size and in every variant.

. "${0%/*}/../lib.sh"
requires valgrind
[ -e /usr/include/valgrind/memcheck.h ] ||
	skip_all "valgrind's headers are not here"
nm "$BUILD/libmchat.a" 2>/dev/null | grep -q __asan_init &&
	skip_all "valgrind cannot run what is built for a sanitizer"

program=$scratch/constant_time
under_memcheck() {
	valgrind -q --error-exitcode=99 "$program" "$@" 2>"$scratch/said"
}

succeeds "the program is built" "$CC" -std=c11 -g -I"$top/include" \
	-Wl,--wrap=secret_differs -o "$program" \
	"$top/tests/checks/constant_time.c" "$BUILD/libmchat.a"

under_memcheck
is "$? $(head -n 20 "$scratch/said")" "0 " \
	"nothing depends on the key or on the content"

under_memcheck memcmp
is "$?" 99 "tags compared by memcmp are noticed"
succeeds "and it is told why" grep -q "depends on uninitialised" "$scratch/said"

done_testing
