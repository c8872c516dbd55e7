#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Who is alone at a terminal is told where the chat called, and of mchat doctor;
# and the cause instead, where the chat sees it.

. "${0%/*}/../lib.sh"
requires nft script
on_lan 1

# chat NAME: at a terminal, until it tells that nobody is there.
chat() {
	start_open "$1" on 1 script -qc "stty columns 400; '$MCHAT' -n lee" \
		/dev/null
	wait_for 10 shows "$1" "mchat doctor" ||
		note "$(cat "$scratch/$1.out")"
	say "$1" /quit
	finish "$1" >/dev/null
}

# told_why NAME REGEX WHAT: that line of NAME matches.
told_why() {
	like "$(grep -a "mchat doctor" "$scratch/$1.out")" "$2" "$3"
}

chat healthy
told_why healthy \
	"mchat called on 239.255.77.67:62428 by eth0.*mchat doctor" \
	"where it called, and what looks for the cause"

on 1 nft 'add table inet f;
	add chain inet f in { type filter hook input priority 0; };
	add rule inet f in udp dport 62428 drop' || skip_all "nft does not work"
chat deaf
told_why deaf "does not even come back.*UDP port 62428.*mchat doctor" \
	"a firewall that drops what comes in"

on 1 nft 'flush ruleset; add table inet f;
	add chain inet f out { type filter hook output priority 0; };
	add rule inet f out udp dport 62428 drop'
chat refused
told_why refused "refused \(EPERM, .*mchat doctor" \
	"one that drops what goes out"

done_testing
