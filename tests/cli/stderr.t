#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A standard error that is a pipe which nobody reads holds up nothing: what is
# for stdout goes there, all is sent, the chat ends.  Whoever reads the pipe in
# the end learns that lines are missing.

. "${0%/*}/../lib.sh"

# A group of this run's own keeps parallel runs apart.
group=239.255.$(($$ / 256 % 256)).$(($$ % 256)):5108
lines=5000

# The pipe is open for reading, and nobody reads.
mkfifo "$scratch/stalled"
exec 4<>"$scratch/stalled"
# reads: takes what is in the pipe.
reads() {
	timeout 1 cat <&4
}

numbered $lines | timeout 20 "$MCHAT" --raw -i lo -S --trace "$group" \
	2>"$scratch/stalled"
is $? 0 "all is sent and traced, though nobody reads the trace"
succeeds "the trace that fits into the pipe is there" \
	[ "$(reads | grep -c -- '-> plain')" -gt 100 ]

# Some twenty lines are in a packet, and so in a line of the trace.
lines=$((20 * lines))
# shellcheck disable=SC2016 # for the inner shell
start_open bob timeout 60 sh -c 'exec "$@" 2>"$0"' "$scratch/stalled" \
	"$MCHAT" -i lo -n bob -f bare --trace "$group"
start ann "$MCHAT" -i lo -n ann -f bare -q -w 1 "$group" <<-END
	$(numbered $lines)
END
finish ann
is $? 0 "bob confirms ann's lines, though nobody reads his trace"
succeeds "bob shows every line, though nobody reads his trace" wait_for 10 has_lines bob $lines
told() {
	reads >>"$scratch/trace"
	grep -q '^mchat: stderr: lines were dropped here: nobody' \
		"$scratch/trace"
}
say bob "again"
if has_linux "a pipe without a queue before it, which may hold all lines"; then
	succeeds "once bob's trace is read, it tells that lines are missing" \
		wait_for 10 told
else
	reads >>"$scratch/trace"
fi
succeeds "bob's trace has what fitted into the pipe" grep -q '<- DATA' "$scratch/trace"
hang_up bob
finish bob
is $? 0 "bob's exit status"

done_testing
