#!/bin/sh
# SPDX-License-Identifier: ISC
#
# alice is heard by carol, who is behind a router, and is heard by nobody there:
# her TTL is 1.  She is told what reaches carol, and how far off carol is; with
# what she was told she is heard.
#
#   alice  host 1               carol  host 2
#            |                         |
#   --- br0 -+--- router ---- br1 -----+---

. "${0%/*}/../lib.sh"
requires smcrouted script
on_lan --router 2

# told_like NAME REGEX: NAME was shown that.
told_like() {
	grep -aEq "$2" "$scratch/$1.out"
}

# meet WHAT WORD [GROUP]: WORD is what the limit is called.
meet() {
	what=$1 word=$2
	shift 2
	start_terminal alice 1 "$@"
	start_terminal carol 2 --ttl 2 "$@"
	succeeds "$what: alice is told what reaches carol" wait_for 30 \
		told_like alice "carol is here but does not hear you; it is 1 \
router away and the $word is 1; /ttl 2 or --ttl 2 reaches it"
	say alice /who
	succeeds "$what: /who tells how far off she is" wait_for 5 \
		told_like alice "carol: 1 router away; does not hear you;"
	say alice "unheard at first"
	say alice "/ttl 2"
	succeeds "$what: with that TTL she is heard" wait_for 30 \
		told_like alice "carol hears you now"
	say alice "heard"
	succeeds "$what: carol shows what she says" \
		wait_for 10 told_like carol "alice.*: heard"
	say carol /who
	succeeds "$what: carol's /who" wait_for 5 \
		told_like carol "alice: 1 router away; has all of yours"
	for name in alice carol; do
		say $name /quit
		finish $name >/dev/null
		stop $name.input
		rm "$scratch/$name.in"
	done
}

meet IPv4 TTL
if [ -e /proc/net/ip6_mr_cache ]; then
	meet IPv6 "hop limit" "'[ff15::4d43]:62428'"
else
	skip IPv6 "this kernel routes no IPv6 multicast"
fi

done_testing
