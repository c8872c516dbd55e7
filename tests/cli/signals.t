#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A signal ends the chat whatever it is busy with or stuck in.

. "${0%/*}/../lib.sh"

group=239.255.76.$(($$ % 250 + 1)):5108

# ends NAME CHECK: SIGTERM ends it within ten seconds.
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
ends busy "a signal ends an mchat whose input has no end and no lines"

seq 100000000 | {
	start_busy
	ends busy "a signal ends an mchat whose input always has lines"
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
# On some systems only root may see this; there it has a second to get stuck.
within 1 is_writing
ends stuck "a signal ends an mchat whose standard error is full"
exec 5>&-

# mchat does not catch an alarm that was set before it began.
perl -e 'alarm 1; exec @ARGV' "$MCHAT" --raw -R -i lo "$group" </dev/null
is $? 142 "an alarm that was set before ends mchat like any program"

done_testing
