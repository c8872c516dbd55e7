#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A program writes 100,000 lines as fast as it can, to a receiver on the same
# host that keeps up: all arrive, in order, and the lines cost few system calls.
#
#   seq | alice: mchat -S ---- lo ---- bob: mchat -c 100000
#
# Nothing in raw mode slows a sender down, so that on a busy machine keeping up
# would be luck: the lines are written in portions of half of what bob's
# receive buffer holds, each when he has shown the one before.

. "${0%/*}/../lib.sh"

# LeakSanitizer does not work under strace.
export ASAN_OPTIONS=detect_leaks=0
requires strace
on_lan 1

lines=100000
# Bytes of receive buffer that a small datagram takes up on Linux, which grants
# twice what mchat reports here.
cost=768

# calls NAME: how many system calls it made.
calls() {
	awk '$2 == "total" { print $1 }' "$scratch/$1.calls"
}

start bob on 1 strace -f -c -U calls,name -o "$scratch/bob.calls" \
	"$MCHAT" --raw -i lo -f bare -v -c $lines -T 60
start_open alice on 1 strace -f -c -U calls,name -o "$scratch/alice.calls" \
	"$MCHAT" --raw -i lo -S
prepared grep -q granted "$scratch/bob.err"

buffer=$(sed -n 's/.*SO_RCVBUF.*granted \([0-9]*\).*/\1/p' "$scratch/bob.err")
portion=$((buffer / cost))
note "portions of $portion lines, for a buffer of $buffer bytes"
sent=0
while [ "$sent" -lt $lines ]; do
	next=$((sent + portion < lines ? sent + portion : lines))
	seq -f %.0f $((sent + 1)) $next 1<>"$scratch/alice.in"
	wait_for 10 has_lines bob $next || break
	sent=$next
done
is "$sent" $lines "bob shows every portion"

hang_up alice
finish alice
is $? 0 "alice's exit status"
finish bob
is $? 0 "bob's exit status, after the last line"
is "$(seq -f %.0f $lines | cksum)" "$(cksum <"$scratch/bob.out")" \
	"bob showed every line once and in order"

for who in alice bob; do
	made=$(calls $who)
	note "$who: $made system calls"
	if has_linux "recvmmsg and sendmmsg"; then
		succeeds "$who: at most one system call for ten lines" \
			test "$made" -le $((lines / 10))
	fi
done

done_testing
