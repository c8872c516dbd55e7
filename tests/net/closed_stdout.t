#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The reader of mchat's output goes away: mchat ends and prints no message.
#
#   alice: mchat ---- lo ---- bob: mchat -R | head -n 1

. "${0%/*}/../lib.sh"
on_lan 1

stopped() {
	grep -q '^State:.T' "/proc/$(cat "$scratch/$1.pid")/status"
}

# head takes a line and goes; then bob has nothing to write.
mkfifo "$scratch/idle.out"
start head head -n 1 "$scratch/idle.out"
start idle on 1 "$MCHAT" --raw -R -i lo
prepared has_members 1 lo 1
on 1 "$MCHAT" --raw -i lo -m "first"
finish head
like "$(cat "$scratch/head.out")" "first" "head gets its line"
finish idle
is $? 0 "reader gone while idle: exit status"
is "$(cat "$scratch/idle.err")" "" "reader gone while idle: nothing on stderr"
succeeds "reader gone while idle: mchat left the group" has_members 1 lo 0

# The reader goes while bob has something to write.
mkfifo "$scratch/busy.out"
start reader cat "$scratch/busy.out"
start busy on 1 "$MCHAT" --raw -R -i lo
prepared has_members 1 lo 1
on 1 "$MCHAT" --raw -i lo -m "hello"
prepared shows reader "hello"
signal busy STOP
prepared stopped busy
on 1 "$MCHAT" --raw -i lo -m "too late"
signal reader KILL
collect reader 2>/dev/null
signal busy CONT
finish busy
is $? 0 "reader gone with a line to write: exit status"
is "$(cat "$scratch/busy.err")" "" "reader gone with a line to write: nothing on stderr"

# A member that also sends ends as well, though its input is open.
mkfifo "$scratch/both.out"
start second cat "$scratch/both.out"
start_open both on 1 "$MCHAT" --raw -i lo
prepared has_members 1 lo 1
signal second KILL
collect second 2>/dev/null
finish both
is $? 0 "reader gone while stdin is open: exit status"
is "$(cat "$scratch/both.err")" "" "reader gone while stdin is open: nothing on stderr"

# But with -c it is a failure when fewer messages came than were asked for.
mkfifo "$scratch/count.out"
start third head -n 1 "$scratch/count.out"
start count on 1 "$MCHAT" --raw -R -c 5 -i lo
prepared has_members 1 lo 1
on 1 "$MCHAT" --raw -i lo -m "one of five"
finish third
finish count
is $? 1 "-c 5, reader gone after one line: exit status"

done_testing
