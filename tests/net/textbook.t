#!/bin/sh
# SPDX-License-Identifier: ISC
#
# mchat and the textbook's program (tests/peers/textbook.c) are one chat.
#
#   alice: mchat (host 1)   bob: textbook, carol: mchat (host 2)
#         |                            |
#   ------+----------- br0 ------------+------

. "${0%/*}/../lib.sh"
on_lan 2

group=239.1.2.3
joined() {
	has_members "$1" eth0 "$2" "$group"
}

# Both ways of saying where, and both orders of coming to one port.
start_open bob on 2 "$BUILD/tests/peers/textbook" $group 5000
prepared joined 2 1
start_open alice on 1 "$MCHAT" --raw --trace $group 5000
start_open carol on 2 "$MCHAT" --raw $group:5000 -f bare
succeeds "mchat shares a textbook program's port" wait_for 5 joined 2 2
prepared joined 1 1

say bob "from the book"
succeeds "alice hears the textbook" wait_for 5 shows alice "] from the book"
succeeds "carol, on the textbook's host, hears it, too" wait_for 5 shows carol "from the book"
say alice "from mchat"
succeeds "the textbook hears alice" wait_for 5 shows bob "from mchat"
say carol "next door"
succeeds "the textbook hears carol, on its host" \
	wait_for 5 shows bob "next door"
is "$(cat "$scratch/bob.out")" "from the book
from mchat
next door" "each datagram was one line with its newline"

# traces NAME COLUMNS WORDS: NAME's trace has a line with just these columns and
# words.
traces() {
	grep -Eq "^ +[0-9.]+ $2 +eth0 +TTL +1  a plain datagram $3\$" \
		"$scratch/$1.err"
}
prepared shows alice "next door"
succeeds "alice traces what she sent" \
	traces alice "-> plain +me +11 bytes" "to $group:5000"
succeeds "alice traces what came" \
	traces alice "<- plain +10\.77\.0\.2 +14 bytes" "from port [0-9]+"
is "$(grep -c plain "$scratch/alice.err")" 3 "alice does not trace her own datagram that comes back"
start erin on 2 "$MCHAT" --raw -R --trace --drop 100 $group 5000
prepared joined 2 3
say alice "to the others"
succeeds "a datagram that is dropped on purpose is traced" wait_for 5 \
	grep -q "<- plain .* dropped on purpose\$" "$scratch/erin.err"
is "$(cat "$scratch/erin.out")" "" "a datagram that is dropped on purpose is not shown"
stop erin

# The CR of another system's line end does not show in text, and is kept for
# those who want the bytes.
say bob "$(printf 'from DOS\r')"
succeeds "CR LF: alice hears it" wait_for 5 shows alice "from DOS"
is "$(tail -n 1 "$scratch/alice.out" | tr '\r' '!')" \
	"$(tail -n 1 "$scratch/alice.out" | sed 's/DOS.*/DOS/')" \
	"CR LF: text hides the CR"
prepared shows carol "from DOS"
is "$(tail -n 1 "$scratch/carol.out" | od -c)" \
	"$(printf 'from DOS\r\n' | od -c)" "CR LF: bare keeps it"

# A textbook program that comes last shares the port as well.
start_open dora on 1 "$BUILD/tests/peers/textbook" $group 5000
succeeds "a textbook program shares mchat's port" wait_for 5 joined 1 2
say dora "me too"
succeeds "alice hears the textbook program that came last" wait_for 5 shows alice "me too"
succeeds "carol hears the textbook program that came last" wait_for 5 shows carol "me too"

# ---- a chat that is not raw ----

# warned NAME: so often.
warned() {
	grep -c "^mchat: 10\.77\.0\.2 sends plain datagrams, .*; to talk with it, \
run mchat --raw $group:5000\$" "$scratch/$1.err"
}

start_open gil on 1 "$MCHAT" -n gil $group 5000
start_open hal on 1 "$MCHAT" -n hal -q $group 5000
start_open ivy on 1 "$MCHAT" -n ivy -f json $group 5000
prepared joined 1 5
say bob "is this a chat?"
say bob "it looks odd"
for name in gil hal ivy; do
	prepared shows $name "it looks odd"
done
is "$(warned gil)" 1 "who meets a textbook program is told, once, how to talk with it"
is "$(cat "$scratch/hal.err")" "" "with -q not"
is "$(warned ivy)" 0 "nor in JSON, which has the event"
is "$(grep -c "sends plain" "$scratch/alice.err")" 0 "who is raw is not told"
succeeds "it is true: the textbook program prints packets" \
	grep -aq "gil" "$scratch/bob.out"

done_testing
