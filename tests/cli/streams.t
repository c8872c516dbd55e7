#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Standard streams that are closed, full, or lose their reader: mchat ends, and
# says so only when messages were lost that somebody wanted.

. "${0%/*}/../lib.sh"

group=$own_address:5104

# chat OPTION...: with the streams of the caller.
chat() {
	timeout 20 "$MCHAT" --raw -i lo "$@" "$group"
}

listen() {
	start bob "$MCHAT" --raw -v -i lo -R -f bare "$group"
	is_in bob
}

# start_with REDIRECTION NAME COMMAND...: start, but the command runs with this
# redirection, as in >&-.
start_with() {
	redirection=$1
	started=$2
	shift 2
	start "$started" sh -c "exec \"\$@\" $redirection" - "$@"
}

# ends_quietly NAME CHECK: with success, and nothing on stderr but what -v says.
ends_quietly() {
	finish "$1"
	is "$?: $(grep -vE '^mchat: (in|SO_RCVBUF|sent)' "$scratch/$1.err")" \
		"0: " "$2"
}

# ---- a pipe ----

start bob sh -c '"$@" | grep --line-buffered now' - \
	"$MCHAT" --raw -v -i lo -R -c 2 "$group"
is_in bob
chat -m "one now"
succeeds "a pipe gets a line at once" wait_for 10 shows bob "one now"
fails "a pipe gets a line while mchat still runs" ended bob
chat -m "two now"
finish bob
is "$?" 0 "mchat into a pipe ends with its last message"

# ---- closed from the start ----

listen
is "$(chat -m "without stdout" 2>&1 >&-)" "" "-m without stdout says nothing"
chat -m "status" >&-
is $? 0 "-m without stdout succeeds"
is "$(echo "from stdin" | chat 2>&1 >&-)" "" \
	"lines of stdin without stdout: mchat says nothing"
echo "more" | chat >&-
is $? 0 "lines of stdin without stdout: mchat succeeds"
is "$(chat -R 2>&1 >&-)" "" "-R without stdout says nothing"
chat -R >&-
is $? 0 "-R without stdout has nothing to do, and succeeds"
chat -m "without stdin" <&-
is $? 0 "-m without stdin succeeds"
is "$(chat 2>&1 <&-)" "" "without stdin mchat says nothing"
chat <&-
is $? 0 "without stdin mchat succeeds"
chat -m "without stderr" 2>&-
is $? 0 "-m without stderr succeeds"
chat -t 999 2>&-
is $? 2 "wrong usage without stderr: exit status"
chat -e -v -m "without any" <&- >&- 2>&-
is $? 0 "-m without any stream, with --explain and -v, succeeds"
wait_for 10 shows bob "without any"
stop bob
is "$(cat "$scratch/bob.out")" "without stdout
status
from stdin
more
without stdin
without stderr
without any" "what was sent without streams arrived, and nothing else"

start_with '>&-' bob "$MCHAT" --raw -v -i lo -R -c 2 "$group"
is_in bob
chat -m one -m two
ends_quietly bob "-R -c 2 without stdout counts all the same"

start_with '<&-' bob "$MCHAT" --raw -v -i lo -R -c 1 -f bare "$group"
is_in bob
chat -m hello
finish bob
is "$?: $(cat "$scratch/bob.out")" "0: hello" "-R without stdin receives"

# ---- a reader that goes away ----

# The reader is a process that holds the pipe open, and that this test ends.
mkfifo "$scratch/pipe"

# with_reader NAME COMMAND...: starts it with the pipe for stdout.
with_reader() {
	sleep infinity <>"$scratch/pipe" &
	echo $! >"$scratch/reader.pid"
	start_with ">\"$scratch/pipe\"" "$@"
}

with_reader bob "$MCHAT" --raw -v -i lo -R "$group"
is_in bob
stop reader
ends_quietly bob "-R ends when the reader of stdout goes away"

mkfifo "$scratch/input"
exec 6<>"$scratch/input"
with_reader bob "$MCHAT" --raw -v -i lo "$group" <&6
is_in bob
stop reader
ends_quietly bob "a chat ends when the reader of stdout goes away"

# Stopped, mchat finds the message and the lost reader at once, and writes in
# vain.
for action in - "''"; do
	with_reader bob sh -c "trap $action PIPE; exec \"\$@\"" - \
		"$MCHAT" --raw -v -i lo -R "$group"
	is_in bob
	signal bob STOP
	chat -m "for the pipe"
	stop reader
	signal bob CONT
	ends_quietly bob "-R ends on writing to a lost reader, SIGPIPE being $action"
done

is "$(seq 9 | chat -R 2>&1 >&- | cat)" "" "-R does not mind unread input"

# ---- full ----

if [ -c /dev/full ]; then
	start_with '>/dev/full' bob "$MCHAT" --raw -v -i lo -R "$group"
	is_in bob
	chat -m hello
	finish bob
	is $? 1 "a full stdout is a failure"
	is "$(grep -vE '^mchat: (in|SO_RCVBUF|sent)' "$scratch/bob.err")" \
		"mchat: stdout: No space left on device" "a full stdout is told"

	start_with '>/dev/full' bob "$MCHAT" --raw -v -i lo -R -c 1 "$group"
	is_in bob
	chat -m hello
	finish bob
	is $? 1 "a full stdout is a failure even when the count is reached"

	chat -m hello >/dev/full
	is $? 0 "-m with a full stdout succeeds"
	chat -R -c 1 -T 0 2>/dev/full
	is $? 1 "a full stderr does not change the status"
else
	skip "stdout is full" "there is no /dev/full"
fi

# ---- a reader that is slow ----

# crowd: sends bob 100 messages of 4000 bytes, which is more than a pipe takes
# and less than mchat keeps; ann, who is fast, tells when they are through.
crowd() {
	start ann "$MCHAT" --raw -v -i lo -R -f bare "$group"
	is_in ann
	for first in 1 21 41 61 81; do
		head -c 4000 /dev/zero | tr '\0' x |
			awk -v first=$first '{ for (i = 0; i < 20; i++)
				printf "%d %s\n", first + i, $0 }' | chat
		wait_for 10 shows ann "$((first + 19)) x"
	done
	stop ann
}

with_reader bob "$MCHAT" --raw -v -i lo -R -f bare -c 100 "$group"
is_in bob
crowd
head -n 100 "$scratch/pipe" >"$scratch/slow.out"
finish bob
is $? 0 "a slow reader of stdout: exit status"
succeeds "a slow reader of stdout gets every message" cmp "$scratch/ann.out" "$scratch/slow.out"
stop reader

with_reader bob "$MCHAT" --raw -v -i lo -R -f bare "$group"
is_in bob
crowd
signal bob TERM
finish bob
is $? 1 "a signal does not wait for a reader that takes nothing"
like "$(cat "$scratch/bob.err")" \
	'^mchat: stdout: [0-9]+ bytes of messages were not taken$' \
	"a signal: how much the reader did not take is told"

done_testing
