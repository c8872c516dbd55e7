#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A signal ends the chat whatever it is busy with or stuck in.

. "${0%/*}/../lib.sh"

group=239.255.76.$(($$ % 250 + 1)):5108

# ends NAME WHAT: SIGTERM ends it within ten seconds.
ends() {
	signal "$1" TERM
	finish "$1"
	status=$?
	fails "$2" [ "$status" -eq 124 ]
}

start_busy() {
	start busy "$MCHAT" --raw -v -S -i lo "$group"
	wait_for 5 grep -q "sending to" "$scratch/busy.err"
}

start_busy </dev/zero
ends busy "an input that never ends and has no lines"

seq 100000000 | {
	start_busy
	ends busy "an input that always has lines"
	printf '%s\n' "$checks $failures" >"$scratch/counts"
}
read -r checks failures <"$scratch/counts"

# stderr is a pipe that nobody reads; a line that is too long is told there.
mkfifo "$scratch/full"
exec 5<>"$scratch/full"
# shellcheck disable=SC2016 # for the inner shell
start_open stuck sh -c 'exec "$MCHAT" --raw -i lo "$1" 2>&5 5>&-' - "$group"
is_joined() {
	grep -q "$(printf '%02X4CFFEF' $(($$ % 250 + 1)))" /proc/net/igmp
}
wait_for 5 is_joined
dd if=/dev/zero bs=4096 count=16 >&5 2>/dev/null
say stuck "$(head -c 70000 /dev/zero | tr '\0' x)"
is_writing() {
	grep -q '^1 0x2 ' "/proc/$(cat "$scratch/stuck.pid")/syscall"
}
# Some systems keep this to root: then it had its second to get stuck.
wait_for 1 is_writing
ends stuck "a standard error that is full"
exec 5>&-

# An alarm that was set before mchat began is none of its own.
begun=$(date +%s)
perl -e 'alarm 1; exec @ARGV' "$MCHAT" --raw -R -i lo "$group" </dev/null
is $? 142 "an alarm from before ends it as it would any program"
succeeds "in its time" [ $(($(date +%s) - begun)) -le 5 ]

done_testing
