#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A host on two networks: with -i of one that network hears, with -i all both do,
# and who is on both himself shows each line once, over either family or both.
#
#   alice host 1   bob host 2 (eth0)   carol host 3 (eth1)   dave host 4 (all)
#         |  |          |                      |                  |  |
#   ------+--|-- br0 ---+----------------------|------------------+--|---
#   ---------+-- br1 --------------------------+---------------------+---

. "${0%/*}/../lib.sh"
on_lan --networks 2 4

# count_of NAME TEXT: how many lines of NAME hold it.
count_of() {
	grep -cF -- "$2" "$scratch/$1.out"
}

# others OPTION...: bob and carol are there, with these options.
others() {
	start_open bob on 2 "$MCHAT" -n bob -v -i eth0 "$@"
	start_open carol on 3 "$MCHAT" -n carol -v -i eth1 "$@"
	is_in bob
	is_in carol
}

# joined NAME COUNT: so many members joined, as NAME was told.
joined() {
	[ "$(grep -c "^mchat: [a-z]* joined$" "$scratch/$1.err")" -eq "$2" ]
}

# play FAMILY...
play() {
	what=$*
	others "$@"

	start_open alice on 1 "$MCHAT" -n alice -v -i eth0 "$@"
	is_in alice
	say alice "by eth0"
	succeeds "$what -i eth0: bob hears it" wait_for 5 shows bob "by eth0"
	leave alice
	is "$(count_of carol "by eth0")" 0 "$what -i eth0: the other network does not"

	start_open alice on 1 "$MCHAT" -n alice -v -i eth1 "$@"
	is_in alice
	say alice "by eth1"
	succeeds "$what -i eth1: carol hears it" wait_for 5 shows carol "by eth1"
	leave alice
	is "$(count_of bob "by eth1")" 0 "$what -i eth1: the other network does not"

	# From here on: whoever is on both networks mends for either what the
	# other said.
	start_open dave on 4 "$MCHAT" -n dave -v -i all "$@"
	is_in dave
	start_open alice on 1 "$MCHAT" -n alice -v -i all "$@"
	is_in alice
	say alice "by all"
	for name in bob carol dave; do
		succeeds "$what -i all: $name hears it" \
			wait_for 5 shows $name "by all"
	done
	say dave "back to both"
	for name in alice bob carol; do
		succeeds "$what -i all: $name hears dave" \
			wait_for 5 shows $name "back to both"
	done
	succeeds "$what -i all: each is one member" joined alice 3
	leave alice dave bob carol
	is "$(count_of bob "by all") $(count_of carol "by all") $(count_of dave "by all")" \
		"1 1 1" "$what -i all: each line is shown once"
	is "$(count_of alice "back to both") $(count_of bob "back to both")" "1 1" \
		"$what -i all: dave's line, too"
}

play -4
play -6
play -4 -6

# Many lines, with loss, to one who gets each packet up to four count_of.
what="-4 -6 -i all, 10 % loss"
lossy 10 1 4
start dave on 4 "$MCHAT" -4 -6 -i all -R -n dave -v -f bare -c 1000 -T 60
is_in dave
numbered 1000 >"$scratch/lines"
on 1 "$MCHAT" -4 -6 -i all -n alice -w 1 -T 60 <"$scratch/lines"
is $? 0 "$what: confirmed"
finish dave
is $? 0 "$what: dave has them all"
succeeds "$what: once, in order" cmp "$scratch/lines" "$scratch/dave.out"

done_testing
