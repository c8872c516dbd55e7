#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What alice sends is dropped behind IP, as by a queue that is full or a rule of
# tc: the kernel tells only who asks for it.  She is told, and her lines wait;
# with raw datagrams they are counted as not sent.
#
#   alice (host 1)             bob (host 2)
#         |  <- dropped              |
#   ------+---------- br0 -----------+------

. "${0%/*}/../lib.sh"
on_lan 2
requires nft

drop() {
	on 1 nft -f - <<-END
		table netdev wall {
			chain out {
				type filter hook egress device eth0 priority 0
				udp dport 62428 drop
			}
		}
	END
}
why="No buffer space available; the interface's queue is full, or a rule on \
this host drops what leaves (nft list ruleset, tc -s qdisc)"

# play FAMILY
play() {
	what=$1
	drop
	on 1 "$MCHAT" "$1" --raw -m one -m two 2>"$scratch/raw"
	is $? 1 "$what raw: exit status"
	is "$(cat "$scratch/raw")" "mchat: send: 2 lines not sent: $why" \
		"$what raw: it is told how many did not leave"
	on 1 "$MCHAT" "$1" -m one 2>"$scratch/one"
	is $? 1 "$what: a message that did not leave: exit status"
	on 1 nft delete table netdev wall

	start_open alice on 1 "$MCHAT" "$1" -n alice -v
	start_open bob on 2 "$MCHAT" "$1" -n bob -v
	is_in alice
	is_in bob
	say bob "hello"
	succeeds "$what: at first all goes well" \
		wait_for 10 shows alice "hello"
	drop
	say alice "one"
	succeeds "$what: alice is told that it is dropped" \
		wait_for 10 told alice "send: $why"
	on 1 nft delete table netdev wall
	succeeds "$what: when it passes bob has her line" \
		wait_for 10 shows bob "alice: one"
	succeeds "$what: and she is told" \
		wait_for 10 told alice "send: works again"
	leave alice bob
}

drop 2>/dev/null || skip_all "nft does not work here"
on 1 nft delete table netdev wall
play -4
play -6

done_testing
