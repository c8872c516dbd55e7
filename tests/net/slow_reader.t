#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Bob's reader stops for a while.  Bob is still heard, and what he could not
# print meanwhile is printed later.
#
#   alice: mchat ---- lo ---- bob: mchat | reader: cat, stopped
#                \------- carol: mchat

. "${0%/*}/../lib.sh"
on_lan 1


# More than a pipe holds, less than the smallest receive buffer that a Linux
# system grants by default: nothing is lost for want of room there.
lines=150
long=$(printf '%01000d' 0)
flood() {
	seq -f "$1 %04g $long" $lines
}

mkfifo "$scratch/bob.out"
start reader cat "$scratch/bob.out"
start_open bob on 1 "$MCHAT" --raw -i lo -f bare
start_open carol on 1 "$MCHAT" --raw -i lo -f bare
prepared has_members 1 lo 2
on 1 "$MCHAT" --raw -i lo -m "hello"
succeeds "bob's reader reads" wait_for 5 shows reader "hello"

signal reader STOP
prepared stopped reader
flood alice | on 1 "$MCHAT" --raw -i lo -S
succeeds "carol hears alice's lines" wait_for 5 has_lines carol $((lines + 1))
fails "bob's reader, stopped, gets none of alice's lines" has_lines reader 2
say bob "bob can still talk"
succeeds "carol hears bob while his reader is stopped" wait_for 5 shows carol "bob can still talk"

signal reader CONT
succeeds "bob's reader gets as many lines when it goes on" wait_for 5 has_lines reader $((lines + 1))
is "$(tail -n +2 "$scratch/reader.out" | cksum)" "$(flood alice | cksum)" \
	"bob's reader gets every line, in order"

# The same at the end: what was heard is printed before bob goes.
signal reader STOP
prepared stopped reader
flood again | on 1 "$MCHAT" --raw -i lo -S
say bob "bye"
prepared shows carol "bye"
hang_up bob
wait_for 5 shows carol "bye"
fails "bob waits for his reader" ended bob
signal reader CONT
finish bob
is $? 0 "bob's exit status"
finish reader
is "$(tail -n $lines "$scratch/reader.out" | cksum)" "$(flood again | cksum)" \
	"bob's reader gets every line that came before bob's end"
is "$(cat "$scratch/bob.err")" "" "bob prints nothing on stderr"

# A signal shortens the wait, and what was not printed is told.
mkfifo "$scratch/dave.out"
start deaf cat "$scratch/dave.out"
start_open dave on 1 "$MCHAT" --raw -i lo -f bare
prepared has_members 1 lo 2
signal deaf STOP
prepared stopped deaf
flood more | on 1 "$MCHAT" --raw -i lo -S
say dave "bye"
wait_for 5 shows carol "bye"
signal dave TERM
finish dave
is $? 1 "a signal ends dave's wait for his reader: exit status"
like "$(cat "$scratch/dave.err")" \
	"^mchat: stdout: [0-9]+ bytes of messages were not taken" \
	"a signal ends dave's wait: he says how much was not printed"

done_testing
