#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A member that comes late and asks for 20 messages of history gets exactly the
# last 20 of each author: of one that is here, of one that said good-bye and of
# one that was killed, whose lines others have kept.
#
#   here (1)   left (2)   killed (3)   keeper (4)   late (5)
#     |          |          |            |            |
#   --+----------+----------+--- br0 ----+------------+--

. "${0%/*}/../lib.sh"
requires jq
on_lan 5

authors="here left killed"
gone() {
	grep -q "$1 left" "$scratch/keeper.err"
}
# history NAME OF: what of an author NAME showed as history.
history() {
	jq -r --arg nick "$2" 'select(.event == "message" and .nick == $nick and
		.history) | .text' "$scratch/$1.out"
}
lists() {
	grep -q "\"event\":\"join\",\"nick\":\"$2\"" "$scratch/$1.out"
}
# expects NAME COUNT: exactly the last COUNT of each author.
expects() {
	for author in $authors; do
		is "$(history "$1" "$author")" \
			"$(seq -f "$author %g" 100 | tail -n "$2")" \
			"$1: the last $2 of $author"
	done
	is "$(grep -c '"event":"lost"' "$scratch/$1.out")" 0 "$1: nothing lost"
}

start keeper on 4 "$MCHAT" -R -n keeper --trace
host=0
for author in $authors; do
	host=$((host + 1))
	start_open "$author" on $host "$MCHAT" -S -q -w 1 -n "$author"
	seq -f "$author %g" 100 1<>"$scratch/$author.in"
done
for author in $authors; do
	prepared shows keeper "$author 100"
	prepared settled keeper "$author"
done
hang_up left
finish left
is $? 0 "exit status of left"
signal killed KILL
collect killed 2>/dev/null

start late on 5 "$MCHAT" -R -f json -H 20
succeeds "late hears 60 messages" wait_for 10 has_messages late 60
say here "something new"
prepared shows late "something new"
expects late 20

# The same when all have forgotten the one that was killed; asking for more than
# was said; and asking for nothing.
succeeds "keeper sees that killed is gone" wait_for 15 gone killed
start later on 5 "$MCHAT" -R -f json -H 20
start all on 5 "$MCHAT" -R -f json -H 1000
start none on 5 "$MCHAT" -R -f json -H 0
succeeds "later hears 60 messages" wait_for 10 has_messages later 60
succeeds "all hears 301" wait_for 10 has_messages all 301
prepared lists none here
say here "the last word"
for name in later all none; do
	prepared shows $name "the last word"
done
expects none 0
is "$(history later here)" "$(seq -f "here %g" 82 100; echo something new)" \
	"later: the last 20 of here, the new one among them"
for author in left killed; do
	is "$(history later $author)" "$(seq -f "$author %g" 81 100)" \
		"later: the last 20 of $author"
	is "$(history all $author)" "$(seq -f "$author %g" 100)" \
		"all: everything of $author"
done

for name in keeper late later all none; do
	stop $name
	is $? 0 "exit status of $name"
done
hang_up here
finish here
like "$?: $(cat "$scratch/here.err")" \
	"^1: mchat: not confirmed by killed \(silent for .*, lacks lines? .*\); look" \
	"here names killed, which was gone when it said something new"

done_testing
