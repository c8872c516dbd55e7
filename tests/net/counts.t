#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What was sent and what was not, when a firewall refuses it.
#
#      alice (host 1)
#     eth0 |    | eth1  <- refused here, then everywhere
#   br0 ---+-- -+---- br1
#          |
#         bob (host 2)

. "${0%/*}/../lib.sh"
on_lan --networks 2 2
requires nft

on 1 nft 'add table ip t;
	add chain ip t out { type filter hook output priority 0; };
	add rule ip t out oif eth1 udp dport 62428 drop' ||
	skip_all "nft does not work here"

start bob on 2 "$MCHAT" --raw -R -i eth0 -f bare
prepared has_members 2 eth0 1

succeeds "one interface of two takes the lines: that is no failure" \
	on 1 "$MCHAT" --raw -q -i eth0 -i eth1 -m one -m two
wait_for 5 shows bob two
is "$(cat "$scratch/bob.out")" "one
two" "lines that eth1 refuses arrive by eth0"
is "$(on 1 "$MCHAT" --raw -v -i eth0 -i eth1 -m three -m four 2>&1 | tail -n 2)" \
	"mchat: send: refused by one interface of several: `
		`Operation not permitted; a firewall on this host refuses it
mchat: sent 2, not sent 0, received 0, lost 0" "what one interface refuses is told, and counted as sent"

on 1 nft 'add rule ip t out udp dport 62428 drop'
is "$(on 1 "$MCHAT" --raw -v -i eth0 -i eth1 -m five -m six 2>&1 | tail -n 2)" \
	"mchat: send: 2 lines not sent: `
		`Operation not permitted; a firewall on this host refuses it
mchat: sent 0, not sent 2, received 0, lost 0" "what every interface refuses is told, and counted as not sent"
on 1 "$MCHAT" --raw -q -m seven 2>/dev/null
is $? 1 "what every interface refuses: exit status"
seq 100000 | on 1 "$MCHAT" --raw -S 2>"$scratch/flood.err"
succeeds "100,000 failures are told in a few lines" \
	[ "$(wc -l <"$scratch/flood.err")" -le 50 ]
is "$(awk '{ sum += $3 } END { print sum }' "$scratch/flood.err")" 100000 \
	"these few lines count all 100,000 failures"

done_testing
