#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A room is a group by its name.  Two names that give one address, as those here
# do, are still two rooms: neither hears the other, nor of its members.
#
#   mira: garden-11   milo: garden-11   nora: green-32    (239.255.165.108)
#          |                |                |
#      ----+----------------+---- br0 -------+----

. "${0%/*}/../lib.sh"
requires jq
on_lan 3

host=0
for member in mira:garden-11 milo:garden-11 nora:green-32; do
	host=$((host + 1))
	name=${member%:*}
	start_open "$name" on $host "$MCHAT" -f json -n "$name" \
		-r "${member#*:}"
done
for host in 1 2 3; do
	succeeds "host $host is at the same address" \
		wait_for 5 has_members $host eth0 1 239.255.165.108
done

# seen_by NAME: whom it heard of, and what was said.
seen_by() {
	jq -r 'select(.event != "stats") | .event + " " + .nick + " " + .text' \
		"$scratch/$1.out" | sort
}
prepared shows mira '"join","nick":"milo"'
prepared shows milo '"join","nick":"mira"'
say mira "to the garden"
say nora "to the green"
succeeds "milo hears mira, who is in the room of the same name" wait_for 5 shows milo "to the garden"
# Another member on mira's host shows when nora's line has come there.
start green on 1 "$MCHAT" -R -f json -n greta -r green-32 -H 1
succeeds "greta hears nora, who is in the room of the same name" wait_for 5 shows green "to the green"
say milo "to the garden, too"
prepared shows mira "to the garden, too"

is "$(seen_by mira)" "join milo 
message milo to the garden, too" "mira knows nothing of the green"
is "$(seen_by milo)" "join mira 
message mira to the garden" "milo knows nothing of the green"
is "$(seen_by nora)" "join greta " "nora knows nothing of the garden"

leave mira milo nora
stop green

done_testing
