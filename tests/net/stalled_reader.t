#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Bob's reader stops.  That holds up alice, the author, who neither loses a line
# nor reads far ahead of the confirmations; after 5 seconds she says so and goes
# on, and bob's reader is told exactly how many lines it missed.
#
#   lines | alice (host 1)   bob (host 2) | reader: cat, stopped
#                |             |
#            ----+---- br0 ----+----

. "${0%/*}/../lib.sh"
requires jq
on_lan 2

begin() {
	mkfifo "$scratch/bob.out"
	start reader cat "$scratch/bob.out"
	start bob on 2 "$MCHAT" -R -f json -n bob
	start_open alice on 1 "$MCHAT" -S -n alice -w 1
	prepared shows reader '"event":"join"'
	signal reader STOP
	prepared stopped reader
}
# gets COUNT: messages that came out and those told to be lost are so many.
gets() {
	[ "$(jq -s '[.[] | if .event == "message" then 1
		elif .event == "lost" then .count else 0 end] | add' \
		"$scratch/reader.out")" -eq "$1" ]
}
texts() {
	jq -r 'select(.event == "message") | .text' "$scratch/reader.out"
}
is_fed() {
	! kill -0 "$feeder" 2>/dev/null
}
end() {
	hang_up alice
	finish alice
	like "$?: $(grep '^mchat: not confirmed' "$scratch/alice.err")" "^$1$" \
		"alice's exit status and why"
	stop bob
	is $? 0 "bob's exit status"
	finish reader
	rm "$scratch/alice.in" "$scratch/bob.out"
}

# What bob may keep for his reader, 1 MiB, and what may be under way are less.
count=200000
numbered $count >"$scratch/lines"

begin
cat "$scratch/lines" 1<>"$scratch/alice.in" &
feeder=$!
fails "alice does not read all her input while bob's reader is stopped" within 1 is_fed
signal reader CONT
wait "$feeder"
succeeds "the reader gets every line" wait_for 20 gets $count
texts >"$scratch/texts"
succeeds "the reader gets each line once, in order" cmp "$scratch/lines" "$scratch/texts"
end "0: "

# What is lost is more than what alice keeps, and bob's socket holds.
count=400000
numbered $count >"$scratch/lines"
begin
cat "$scratch/lines" 1<>"$scratch/alice.in" &
feeder=$!
succeeds "alice says that bob left unconfirmed" wait_for 10 grep -q \
	"bob left (timed out; it has not confirmed" \
	"$scratch/alice.err"
wait "$feeder"
signal reader CONT
succeeds "lines that the reader got and lines told to be lost are all" \
	wait_for 20 gets $count
texts >"$scratch/texts"
note "$(wc -l <"$scratch/texts") of $count lines"
succeeds "some line was lost" [ "$(wc -l <"$scratch/texts")" -lt $count ]
succeeds "the reader got lines in order, none twice" sort -c -u "$scratch/texts"
say alice "one more"
succeeds "the reader gets what comes next" wait_for 10 shows reader "one more"
end "1: mchat: not confirmed by bob \(gave up waiting, lost lines from `
	`[0-9]+ on\); its stderr says how many it lost"

done_testing
