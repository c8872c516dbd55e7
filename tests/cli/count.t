#!/bin/sh
# SPDX-License-Identifier: ISC
#
# -c and -T: mchat ends when that many messages came, or the time is over.

. "${0%/*}/../lib.sh"

group=$own_address:5102

sends() {
	timeout 20 "$MCHAT" --raw -i lo "$@" "$group"
}

listen() {
	start bob "$MCHAT" --raw -v -i lo -f bare "$@" "$group"
	is_in bob
}

# waited SECONDS BEGAN: at least SECONDS have passed since date +%s%N said
# BEGAN.
waited() {
	[ $(($(date +%s%N) - $2)) -ge $(($1 * 1000000000)) ]
}

listen -R -c 3
seq 100 | sends
finish bob
is $? 0 "-c 3 succeeds"
is "$(cat "$scratch/bob.out")" "1
2
3" "of a batch of 100, -c 3 shows three"
is "$(tail -n 1 "$scratch/bob.err")" \
	"mchat: sent 0, not sent 0, received 3, lost 0" "of a batch of 100, -c 3 counts three"

# The kernel keeps so many for a receiver that gets no processor just now.
listen -R -c 300
seq 299 | sends
wait_for 10 shows bob 299
fails "299 of 300 are not enough" ended bob
sends -m last
finish bob
is $? 0 "-c 300 ends with the 300th message"
is "$(cat "$scratch/bob.out")" "$(seq 299 && echo last)" "-c 300 shows all 300"

listen -R -c 2
sends -m "$(printf 'two\nlines')" -m other
finish bob
is "$(cat "$scratch/bob.out")" 'two\nlines
other' "-c counts messages, not lines"

start_open carl "$MCHAT" --raw -v -i lo -f bare -c 2 "$group"
is_in carl
seq 5 | sends
finish carl
is $? 0 "-c ends while stdin is open"
is "$(cat "$scratch/carl.out")" "1
2" "-c 2 shows two of five while stdin is open"
hang_up carl

start bob "$MCHAT" --raw -v -i lo -f bare -c 1 "$group" </dev/null
is_in bob
sends -m hello
finish bob
is "$?: $(cat "$scratch/bob.out")" "0: hello" \
	"-c goes on waiting when stdin has ended"

start bob "$MCHAT" -v -i lo -f bare -R -c 1 "$group"
is_in bob
sends -m foreign
wait_for 10 shows bob foreign
fails "a foreign datagram is no message of a member" ended bob
"$MCHAT" -i lo -q -w 1 -m member "$group"
finish bob
is "$?: $(cat "$scratch/bob.out")" "0: foreign
member" "which is what -c counts without --raw"

# ---- send, then wait for the answer ----

start echo "$MCHAT" --raw -v -i lo -f bare -R -c 1 "$group"
is_in echo
start bob "$MCHAT" --raw -v -i lo -f bare -m ping -c 1 "$group"
wait_for 10 shows echo ping
fails "-m ping -c 1 does not take ping for the answer" ended bob
sends -m pong
finish bob
is "$?: $(cat "$scratch/bob.out")" "0: pong" "-m ping -c 1 shows the answer"
finish echo
is "$?: $(cat "$scratch/echo.out")" "0: ping" "-m ping -c 1 has sent ping"

# ---- time ----

began=$(date +%s%N)
start bob "$MCHAT" --raw -i lo -R -c 1 -T 1 "$group"
finish bob
is $? 1 "-T 1 without a message fails"
succeeds "-T 1 does not end before a second is over" waited 1 "$began"
is "$(cat "$scratch/bob.out" "$scratch/bob.err")" \
	"mchat: 0 of 1 messages came before the timeout" "-T 1 without a message says so"

listen -R -c 3 -T 3
seq 2 | sends
finish bob
is $? 1 "-c 3 -T 3 fails when two messages came"
is "$(cat "$scratch/bob.out")" "1
2" "-c 3 -T 3 shows the two that came"
like "$(cat "$scratch/bob.err")" \
	'^mchat: 2 of 3 messages came before the timeout$' "-c 3 -T 3 says that two of three came"

start bob "$MCHAT" --raw -i lo -q -R -c 1 -T 0 "$group"
finish bob
is "$?: $(cat "$scratch/bob.err")" \
	"1: mchat: 0 of 1 messages came before the timeout" \
	"-T 0 does not wait, and -q does not silence errors"

listen -R -c 2 -T 600
seq 2 | sends
finish bob
is $? 0 "-T 600 does not wait when the messages came"

start_open ann "$MCHAT" --raw -v -i lo -c 1 -T .2 "$group"
finish ann
is $? 1 "-T ends the chat while stdin is open"
hang_up ann

# ---- ended from outside ----

listen -R -c 2
sends -m one
wait_for 10 shows bob one
stop bob
is $? 1 "with -c a signal before the last message is a failure"

listen -R
sends -m one
wait_for 10 shows bob one
stop bob
is $? 0 "without -c a signal is no failure"

done_testing
