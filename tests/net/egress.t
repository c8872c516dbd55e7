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

drop 2>/dev/null || skip_all "nft does not work here"
on 1 "$MCHAT" --raw -m one -m two 2>"$scratch/raw"
is $? 1 "raw: exit status"
is "$(cat "$scratch/raw")" "mchat: send: 2 lines not sent: $why" \
	"raw: it is told how many did not leave"
on 1 "$MCHAT" -m one 2>"$scratch/one"
is $? 1 "a message that did not leave: exit status"
on 1 nft delete table netdev wall

start_open alice on 1 "$MCHAT" -n alice
start_open bob on 2 "$MCHAT" -n bob
prepared has_members 1 eth0 1
prepared has_members 2 eth0 1
say bob "hello"
succeeds "at first all goes well" wait_for 10 shows alice "hello"
drop
say alice "one"
succeeds "alice is told that it is dropped" wait_for 10 told alice "send: $why"
on 1 nft delete table netdev wall
succeeds "when it passes bob has her line" wait_for 10 shows bob "alice: one"
succeeds "and she is told" wait_for 10 told alice "send: works again"
for name in alice bob; do
	hang_up $name
	finish $name
	is $? 0 "$name: exit status"
done

done_testing
