#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Another program on the host joined another group on the same port.  The
# kernel would give that group to every socket with that port; mchat shows
# its own group only.
#
#   alice: mchat      bob: mchat                    (host 2)
#   (host 1)          other: textbook, 239.9.9.9
#      |                 |
#   ---+------ br0 ------+---

. "${0%/*}/../lib.sh"
on_lan 2

start_open bob on 2 "$MCHAT" --raw -f bare
start_open other on 2 "$BUILD/tests/peers/textbook" 239.9.9.9 62428
start_open stranger on 2 "$MCHAT" --raw -f bare 239.8.8.8
all_joined() {
	has_members 2 eth0 1 && has_members 2 eth0 1 239.9.9.9 &&
		has_members 2 eth0 1 239.8.8.8
}
prepared all_joined

on 1 "$MCHAT" --raw -m "for the others" 239.9.9.9
on 1 "$MCHAT" --raw -m "for strangers" 239.8.8.8
on 1 "$MCHAT" --raw -m "for bob"
succeeds "the other program hears its group" \
	wait_for 5 shows other "for the others"
succeeds "another mchat hears its group" \
	wait_for 5 shows stranger "for strangers"
succeeds "bob hears his group" wait_for 5 shows bob "for bob"
is "$(cat "$scratch/bob.out")" "for bob" "bob hears nothing of other groups"
is "$(cat "$scratch/stranger.out")" "for strangers" "the other mchat hears nothing of other groups"

# The same on one port of one host, through its own loop.
on 2 "$MCHAT" --raw -m "for the others again" 239.9.9.9
prepared shows other "for the others again"
on 1 "$MCHAT" --raw -m "for bob again"
succeeds "bob hears his group again" wait_for 5 shows bob "for bob again"
is "$(cat "$scratch/bob.out")" "for bob
for bob again" "bob still hears nothing of other groups"

done_testing
