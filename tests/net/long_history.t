#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The last 20 messages of an author are 20 whatever they are: so short that
# hundreds are in a packet, so long that each takes dozens of packets, or both;
# on a bad network, and from whoever has them when the authors are gone.
#
#   authors (1)   keeper, tail (2)   late (3), later (4): 30 % lost
#     |              |                  |          |
#   --+--------------+------ br0 -------+----------+---

. "${0%/*}/../lib.sh"
requires jq nft
on_lan 4

authors="short long mixed"
# lines AUTHOR: what it says.
lines() {
	awk -v author="$1" 'BEGIN {
		for (pad = "."; length(pad) < 65536; )
			pad = pad pad
		count = author == "short" ? 3000 : 40
		for (i = 1; i <= count; i++)
			if (author == "short" || (author == "mixed" && i % 5))
				print i
			else
				print substr(i " " pad, 1, 65536)
	}'
}
# said AUTHOR COUNT: keeper has_messages all of it.
said() {
	[ "$(grep -c "^$1: " "$scratch/keeper.out")" -eq "$2" ]
}
# of_history NAME AUTHOR: what NAME got of that author's history.
of_history() {
	jq -r --arg nick "$2" 'select(.event == "message" and .nick == $nick and
		.history) | .text' "$scratch/$1.out"
}
# expects NAME: exactly the last 20 of each author.
expects() {
	for author in $authors; do
		of_history "$1" "$author" >"$scratch/got"
		lines "$author" | tail -n 20 >"$scratch/expected"
		is "$(cksum <"$scratch/got")" "$(cksum <"$scratch/expected")" \
			"$1: the last 20 of $author"
		is "$(cut -c 1-8 "$scratch/got")" \
			"$(cut -c 1-8 "$scratch/expected")" \
			"$1: the last 20 of $author begin as they should"
	done
	is "$(grep -c '"event":"lost"' "$scratch/$1.out")" 0 "$1: nothing lost"
}

start keeper on 2 "$MCHAT" -R -n keeper --trace
for author in $authors; do
	start_open "$author" on 1 "$MCHAT" -S -q -w 1 -n "$author"
	prepared settled keeper "$author"
	lines "$author" 1<>"$scratch/$author.in"
done
prepared said short 3000
prepared said long 40
prepared said mixed 40

lossy 30 3 4 || skip_all "nft does not work here"
start late on 3 "$MCHAT" -R -f json -H 20
succeeds "late hears 60 messages" wait_for 20 has_messages late 60
expects late

# tail, which came late itself, has only the end of what was said.
start tail on 2 "$MCHAT" -R -f json -n tail -H 5
prepared has_messages tail 15
for author in $authors; do
	hang_up "$author"
	finish "$author"
	is $? 0 "exit status of $author"
done
signal late KILL
collect late 2>/dev/null
start later on 4 "$MCHAT" -R -f json -H 20
succeeds "later hears 60 messages" wait_for 20 has_messages later 60
expects later

for name in keeper tail later; do
	stop $name
	is $? 0 "exit status of $name"
done

done_testing
