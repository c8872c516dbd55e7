#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What mchat costs while nobody speaks: size, memory, wake-ups.  Figures that do
# not depend on how fast the machine is.

. "${0%/*}/../lib.sh"
requires strip

group=239.255.76.$(($$ % 250 + 1)):5109

figure() {
	awk -v key="$1" '$1 ~ key { sum += $2 } END { print sum }' \
		"/proc/$(cat "$scratch/idle.pid")/status"
}

strip -o "$scratch/mchat" "$top/mchat"
# 47 KiB of it are the programs that mchat lab --code prints; mchat lab as a whole
# takes about 125, with the decoder of what --packets shows; keys take 20, and what
# is sealed with them 40; coded repair 20.
succeeds "stripped it is 720 KiB at most" \
	[ "$(wc -c <"$scratch/mchat")" -le $((720 * 1024)) ]

start_open idle "$top/mchat" --raw -v -i lo "$group"
wait_for 5 grep -q SO_RCVBUF "$scratch/idle.err"
# A tenth of it differs from one start to the next.
succeeds "idle it is resident with 3 MiB at most" \
	[ "$(figure VmRSS)" -le 3072 ]
sleep 0.2
before=$(figure ctxt_switches)
sleep 2
is "$(figure ctxt_switches)" "$before" "idle for two seconds it never wakes up"
stop idle

done_testing
