#!/bin/sh
# SPDX-License-Identifier: ISC
#
# -c and -T: mchat ends when so many messages came, or the time is over.

. "${0%/*}/../lib.sh"

group=$own_address:5102

sends() {
	timeout 20 "$MCHAT" --raw -i lo "$@" "$group"
}

listen() {
	start bob "$MCHAT" --raw -v -i lo -f bare "$@" "$group"
	is_in bob
}

# waited SECONDS BEGAN: at least so many have passed since date +%s%N said
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
	"mchat: sent 0, not sent 0, received 3, lost 0" "and counts three"

# As many as the kernel keeps for a receiver that has no time just now.
listen -R -c 300
seq 299 | sends
wait_for 10 shows bob 299
fails "299 of 300 are not enough" ended bob
sends -m last
finish bob
is $? 0 "the last one ends it"
is "$(cat "$scratch/bob.out")" "$(seq 299 && echo last)" "all are shown"

listen -R -c 2
sends -m "$(printf 'two\nlines')" -m other
finish bob
is "$(cat "$scratch/bob.out")" 'two\nlines
other' "messages are counted, not lines"

start_open carl "$MCHAT" --raw -v -i lo -f bare -c 2 "$group"
is_in carl
seq 5 | sends
finish carl
is $? 0 "-c ends while stdin is open"
is "$(cat "$scratch/carl.out")" "1
2" "after as many as asked"
hang_up carl

start bob "$MCHAT" --raw -v -i lo -f bare -c 1 "$group" </dev/null
is_in bob
sends -m hello
finish bob
is "$?: $(cat "$scratch/bob.out")" "0: hello" \
	"-c goes on waiting when stdin has ended"

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
is "$?: $(cat "$scratch/echo.out")" "0: ping" "and ping was sent"

# ---- time ----

began=$(date +%s%N)
start bob "$MCHAT" --raw -i lo -R -c 1 -T 1 "$group"
finish bob
is $? 1 "-T 1 without a message fails"
succeeds "not before a second is over" waited 1 "$began"
is "$(cat "$scratch/bob.out" "$scratch/bob.err")" \
	"mchat: 0 of 1 messages came before the timeout" "and says so"

listen -R -c 3 -T 3
seq 2 | sends
finish bob
is $? 1 "two of three are not enough"
is "$(cat "$scratch/bob.out")" "1
2" "but they are shown"
like "$(cat "$scratch/bob.err")" \
	'^mchat: 2 of 3 messages came before the timeout$' "and it is told"

start bob "$MCHAT" --raw -i lo -q -R -c 1 -T 0 "$group"
finish bob
is "$?: $(cat "$scratch/bob.err")" \
	"1: mchat: 0 of 1 messages came before the timeout" \
	"-T 0 does not wait, and -q does not silence errors"

listen -R -c 2 -T 600
seq 2 | sends
finish bob
is $? 0 "the time need not be used up"

start_open ann "$MCHAT" --raw -v -i lo -c 1 -T .2 "$group"
finish ann
is $? 1 "-T ends it while stdin is open"
hang_up ann

# ---- ended from outside ----

listen -R -c 2
sends -m one
wait_for 10 shows bob one
stop bob
is $? 1 "a signal before the last message is a failure"

listen -R
sends -m one
wait_for 10 shows bob one
stop bob
is $? 0 "without -c a signal is how it ends"

done_testing
