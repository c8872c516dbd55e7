#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A member is owed all that is said from the moment it started, also by an
# author that the network kept from it until now.
#
#   ann (host 1)   bob (host 2)   carol (host 3)
#      |              |              |
#   ---+--------------+--- br0 ------+---

. "${0%/*}/../lib.sh"
requires jq
on_lan 3

lines=20000

# texts NAME: what it was shown, live, in order.
texts() {
	jq -r 'select(.event == "message" and .history != true) | .text' \
		"$scratch/$1.out"
}

# lost NAME: messages that it was told to have lost.
lost() {
	jq -s '[.[] | select(.event == "lost") | .count] | add // 0' \
		"$scratch/$1.out"
}

# shown NAME: how many it was shown.
shown() {
	grep -c '"event":"message"' "$scratch/$1.out"
}

has_shown() {
	[ "$(shown "$1")" -ge "$2" ]
}

# ---- the author's link is down when it starts ----

on 2 ip link set eth0 down
start ann on 1 "$MCHAT" -R -f json -n ann
start_open bob on 2 "$MCHAT" -v -n bob
is_in bob
# After this time nobody takes him for one that has just come.
sleep 3
numbered $lines >"$scratch/lines"
cat "$scratch/lines" 1<>"$scratch/bob.in"
# has_sent HOST BYTES: to itself, for want of anything else.
has_sent() {
	[ "$(on "$1" awk "/lo:/ { print \$10 }" /proc/net/dev)" -ge "$2" ]
}
prepared has_sent 2 "$(wc -c <"$scratch/lines")"
is "$(shown ann)" 0 "ann hears nothing of bob while his link is down"
on 2 ip link set eth0 up
succeeds "bob's lines come out when his link is up" \
	wait_for 60 has_shown ann $lines
hang_up bob
finish bob
is $? 0 "bob's lines are confirmed"
is "$(texts ann | cksum)" "$(cksum <"$scratch/lines")" \
	"ann is shown every line, from the first on, in order"
is "$(lost ann)" 0 "ann is told of no loss"

# ---- who starts later is not shown what was said before ----

start_open dan on 2 "$MCHAT" -v -n dan
is_in dan
say dan "before"
succeeds "dan's line comes out" wait_for 10 shows ann '"text":"before"'
start eve on 3 "$MCHAT" -R -f json -n eve
succeeds "eve knows dan" wait_for 10 shows eve '"join","nick":"dan"'
say dan "after"
succeeds "eve hears dan" wait_for 10 shows eve '"text":"after"'
fails "eve is not shown what was said before she came" shows eve '"text":"before"'
is "$(lost eve)" 0 "eve is told of no loss"
stop eve

# ---- the reader of what was said is stopped before it hears an author ----

mkfifo "$scratch/stalled.out"
sleep infinity <>"$scratch/stalled.out" &
echo $! >"$scratch/reader.pid"
start stalled on 3 "$MCHAT" -v -R -f json -n fay
is_in stalled
signal stalled STOP
succeeds "fay is stopped" wait_for 5 stopped stalled
numbered 1000 | sed 's/^/said /' >"$scratch/more"
cat "$scratch/more" 1<>"$scratch/dan.in"
succeeds "ann has what dan says meanwhile" \
	wait_for 30 has_shown ann $((lines + 2 + 1000))
signal stalled CONT
timeout 60 jq -r --unbuffered 'select(.event == "message") | .text' \
	<"$scratch/stalled.out" >"$scratch/fay.texts" &
echo $! >"$scratch/jq.pid"
has_texts() {
	[ "$(wc -l <"$scratch/fay.texts")" -ge "$1" ]
}
succeeds "fay is shown as many lines when she goes on" wait_for 30 has_texts 1000
is "$(cksum <"$scratch/fay.texts")" "$(cksum <"$scratch/more")" \
	"fay is shown every line, in order"
hang_up dan
finish dan
is $? 0 "dan's lines are confirmed"

done_testing
