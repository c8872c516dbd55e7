#!/bin/sh
# SPDX-License-Identifier: ISC
#
# --explain tells of each socket call, in order, on stderr.  explain.expected
# holds a chat that has no input, with A, B and C for the descriptors and N for
# sizes of buffers.

. "${0%/*}/../lib.sh"

group=239.1.2.3:5105
told=$scratch/told

# chat OPTION...: a chat without input, explained in $told.
chat() {
	timeout 20 "$MCHAT" --raw -i lo --explain "$@" "$group" </dev/null \
		>"$scratch/out" 2>"$told"
}

# normal: $told without what depends on this machine.  Columns may move.
normal() {
	sed -e 's/\(getsockname.*\):[0-9]*)/\1:N)/' \
		-e 's/was [0-9]*, is [0-9]*\(  *room\)/was N, is N\1/' \
		-e 's/SO_RCVBUF, [0-9]*)/SO_RCVBUF, N)/' -e 's/   */ | /g' \
		"$told" | awk '
		/ socket\(/ { letter[$6] = substr("ABC", ++sockets, 1) }
		{
			for (fd in letter) {
				sub("\\(" fd ",", "(" letter[fd] ",")
				sub("\\(" fd "\\)", "(" letter[fd] ")")
				if (/ socket\(/)
					sub("= " fd " ", "= " letter[fd] " ")
			}
			print
		}'
}

# calls: the calls, or the options that they set, one a line.
calls() {
	sed -n 's/^explain: \([a-z]*\)([0-9]*, [A-Z_]*, \([A-Z_]*\).*/\2/p
		t
		s/^explain: \([a-z]*\)(.*/\1/p' "$told"
}

chat
is $? 0 "a chat without input succeeds"
is "$(normal | diff "$top/tests/cli/explain.expected" -)" "" \
	"--explain prints what is in explain.expected"
is "$(cat "$scratch/out")" "" "--explain prints nothing on stdout"
is "$(grep -v '^explain: ' "$told")" "" "each line begins with \"explain: \""

# ---- sends and receives ----

fails "without -v sends and receives are not told" grep -q mmsg "$told"
printf 'one\ntwo\n' | timeout 20 "$MCHAT" --raw -i lo --explain -v "$group" \
	>"$scratch/out" 2>"$told"
like "$(cat "$told")" "sendmmsg\([0-9]+, to $group\) = [12] " \
	"-v tells of sends"
fails "not as calls of a textbook" grep -q 'mmsg.*textbook]' "$told"
tells() {
	[ "$(grep -c mmsg "$scratch/talker.err")" -ge "$1" ]
}
start_open talker "$MCHAT" --raw -i lo --explain -v "$group"
for number in $(seq 20); do
	say talker "$number"
	prepared tells "$number"
done
for number in $(seq 5); do
	say talker more
done
hang_up talker
finish talker
told=$scratch/talker.err
is "$(grep -c mmsg "$told")" 20 "and of so many only"
like "$(grep mmsg "$told" | tail -n 1)" 'the last of these that is told$' \
	"and says so"
told=$scratch/told

chat -S
is "$(calls | tr '\n' ' ')" "socket bind socket IP_MULTICAST_TTL IP_MULTICAST_LOOP \
IP_MTU_DISCOVER IP_RECVERR bind \
getsockname IP_MULTICAST_IF close close " "send-only neither joins nor leaves"

chat -R -c 1 -T 0
is "$(calls | grep -E 'SHIP|IF|TTL|LOOP|^[a-z]' | tr '\n' ' ')" \
	"socket bind socket IP_RECVTTL bind IP_ADD_MEMBERSHIP `
		`IP_DROP_MEMBERSHIP close close " \
	"receive-only opens no socket to send with, and leaves at the end"

chat -t 7 -l off --rcvbuf 30000 --sndbuf 20000 -m hello
like "$(cat "$told")" 'IP_MULTICAST_TTL, 7\) = 0 .*was 1, is 7  ' "-t is explained"
like "$(cat "$told")" 'IP_MULTICAST_LOOP, 0\) = 0 .*was 1, is 0  ' \
	"-l off is explained"
like "$(cat "$told")" 'SO_SNDBUF, 20000\) = 0 .*was [0-9]+, is [0-9]+  ' \
	"--sndbuf is explained"
fails "with -m no receive buffer is set" grep SO_RCVBUF "$told"

chat --rcvbuf 30000
like "$(cat "$told")" 'SO_RCVBUF, 30000\) = 0 .*was [0-9]+, is [0-9]+  ' \
	"--rcvbuf is explained"

start_open ann "$MCHAT" --raw -i lo -e "$group"
wait_for 10 grep -q IP_MULTICAST_IF "$scratch/ann.err"
signal ann INT
finish ann
is $? 0 "a chat that was interrupted succeeds"
hang_up ann
is "$(sed -n '/DROP/,$p' "$scratch/ann.err" | sed 's/(.*//')" \
	"explain: setsockopt
explain: close
explain: close
explain: close" "an interrupted chat leaves the group before it closes"

# ---- colour ----

# kinds: of the coloured lines, the colour and what was called, once each.
kinds() {
	tr '\033' E <"$told" | sed -n '
		s/^explain: E\[\([0-9;]*\)m.*_\(MEMBERSHIP\).*/\1 \2/p
		t
		s/^explain: E\[\([0-9;]*\)m\([a-z]*\)(.*/\1 \2/p' | sort -u
}

chat --color always
is "$(kinds)" "1;38;5;166 MEMBERSHIP
38;5;28 setsockopt
38;5;32 bind
38;5;32 close
38;5;32 getsockname
38;5;32 socket" "--color always: each kind of call has its colour"
chat
is "$(kinds)" "" "no colour where stderr is no terminal"
is "$(NO_COLOR=1 TERM=xterm script -qec \
	"'$MCHAT' --raw -i lo -e -m x $group" /dev/null | grep -c '\[38;5')" 0 \
	"no colour on a terminal with NO_COLOR"
is "$(TERM=xterm script -qec "'$MCHAT' --raw -i lo -e -m x $group 2>&1" \
	/dev/null | grep -c '\[38;5;32m.*socket(AF_INET')" 1 "colour on a terminal without NO_COLOR"

# ---- nothing is left out ----

if ! command -v strace >/dev/null; then
	skip "each option that was set is explained" "strace is missing"
elif ! strace -o "$scratch/trace" true 2>/dev/null; then
	skip "each option that was set is explained" "strace may not trace here"
else
	# The leak check of a sanitizer traces, too: only one of both can.
	ASAN_OPTIONS=detect_leaks=0 timeout 20 strace -e trace=setsockopt \
		-o "$scratch/trace" "$MCHAT" --raw -i lo --explain "$group" \
		</dev/null 2>"$told"
	is "$(sed -n 's/^explain: setsockopt(\([0-9]*, [A-Z_]*, [A-Z_]*\).*/\1/p' \
		"$told")" \
		"$(sed -n 's/^setsockopt(\([0-9]*, [A-Z_]*, [A-Z_]*\).*/\1/p' \
			"$scratch/trace" | sed 's/SOL_IP,/IPPROTO_IP,/')" \
		"each option that was set is explained"
fi

done_testing
