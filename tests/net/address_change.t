#!/bin/sh
# SPDX-License-Identifier: ISC
#
# In the middle of a chat a host gets another address, as from DHCP.
#
#   alice (host 1)             bob (host 2)
#         |  10.77.0.1, then 10.77.0.9   |
#   ------+------------ br0 -------------+------

. "${0%/*}/../lib.sh"
on_lan 2

start_open alice on 1 "$MCHAT" --raw
start_open bob on 2 "$MCHAT" --raw
prepared has_members 1 eth0 1
prepared has_members 2 eth0 1
say alice "before"
succeeds "before: bob hears alice" wait_for 5 shows bob "10.77.0.1:"

# In one step, so that alice, whenever she looks, finds one address or the other:
# deleting the first address makes the second one the first.
on 1 sh -c 'echo 1 >/proc/sys/net/ipv4/conf/eth0/promote_secondaries'
on 1 ip -batch - <<-END
	addr add 10.77.0.9/24 dev eth0
	addr del 10.77.0.1/24 dev eth0
END

say alice "after"
succeeds "after: bob hears alice from her new address" \
	wait_for 5 shows bob "10.77.0.9:"
say bob "hello again"
succeeds "alice hears bob" wait_for 5 shows alice "hello again"
fails "alice does not hear herself" shows alice "after"

hang_up alice
finish alice
is $? 0 "alice's exit status: every line was sent"
# She reports it when she next looks, which may be too late for this chat.
is "$(grep -vxF 'mchat: eth0 has another address: 10.77.0.9' \
	"$scratch/alice.err")" "" "alice complains of nothing"

done_testing
