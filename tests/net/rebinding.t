#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Many lines wait in alice's socket, since her reader is stopped, when a second
# network comes, for which she needs another socket.  Nobody would send again
# what waits in the old one.
#
#      alice (host 1)
#     eth0 |        | eth1  <- comes
#   br0 ---+---- ---+---- br1
#          |
#         bob (host 2)

. "${0%/*}/../lib.sh"
on_lan --networks 2 2

# rebinds COUNT SIZE: with so many lines of so many bytes.  They are more than
# the 1 MiB that alice keeps for her reader; what is left has room in the socket.
rebinds() {
	seq -f "line %0$(($2 - 6)).0f" "$1" >"$scratch/lines"
	mkfifo "$scratch/alice.out"
	start reader cat "$scratch/alice.out"
	start alice on 1 "$MCHAT" --raw -R -i all -f bare --explain
	prepared has_members 1 eth0 1
	signal reader STOP
	prepared stopped reader
	on 2 "$MCHAT" --raw -S -i eth0 <"$scratch/lines"
	is $? 0 "bob's exit status: every line was sent"

	plug 1 1
	succeeds "alice joins the second network" \
		wait_for 5 told alice "joined eth1 (10.78.0.1)"
	fails "alice keeps the socket in which lines wait" \
		grep -q "close(.*another receives" "$scratch/alice.err"
	on 2 "$MCHAT" --raw -i eth1 -m "from the new one"
	signal reader CONT
	succeeds "alice's reader gets a line of the new network" \
		wait_for 10 shows reader "from the new one"
	is "$(grep -c "^line" "$scratch/reader.out")" "$1" \
		"alice's reader gets every line that waited in the old socket"
	succeeds "alice then closes the old socket" \
		grep -q "close(.*another receives" "$scratch/alice.err"
	grep "^line" "$scratch/reader.out" >"$scratch/came"
	succeeds "alice's reader gets each line once, in order" \
		cmp "$scratch/came" "$scratch/lines"
	fails "nothing was lost" grep -q "^mchat:.*lost" "$scratch/alice.err"
	stop alice
	finish reader
	rm "$scratch/alice.out"
}

unplug 1 1
rebinds 3000 1000
# The last batch from the old socket is more than stdout takes at a time.  53
# lines fill alice's 1 MiB, unless a batch takes 63 more at once: some of them
# are in the socket anyway, and never more than it has room for.
unplug 1 1
rebinds 140 20000

done_testing
