#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Ten members on one host share a port; each hears the nine others once.
#
#   m1 m2 m3 m4 m5 m6 m7 m8 m9 m10
#    |  |  |  |  |  |  |  |  |  |
#   -+--+--+--+- eth0 of host 1 -+-   (looped back to the host)

. "${0%/*}/../lib.sh"
on_lan 1

members=$(seq 10)
all_have_lines() {
	for member in $members; do
		[ "$(wc -l <"$scratch/m$member.out")" -ge "$1" ] || return
	done
}

for member in $members; do
	start_open "m$member" on 1 "$MCHAT" --raw -f bare
done
succeeds "ten sockets are in the group" wait_for 5 has_members 1 eth0 10

for member in $members; do
	say "m$member" "member $member"
done
succeeds "each shows nine lines" wait_for 5 all_have_lines 9

# What came twice lies before the last words in every queue.
say m1 "the last word"
say m2 "the last word"
prepared all_have_lines 10
for member in $members; do
	is "$(grep -v last "$scratch/m$member.out" | sort)" \
		"$(seq -f "member %g" 10 | grep -v " $member\$" | sort)" \
		"member $member heard each other one once, and not itself"
done

done_testing
