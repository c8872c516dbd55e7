#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Who is alone at a terminal is told where the chat called, and of mchat doctor;
# and the cause instead, where the chat sees it.
#
#   lee (host 1)      max (host 2)
#        |  |              |  |
#   -----+--|--- br0 ------+--|---
#   --------+--- br1 ---------+---

. "${0%/*}/../lib.sh"
requires nft script
on_lan --networks 2 2

# chat NAME OPTION: at a terminal, until it tells that nobody is there.
chat() {
	start_open "$1" on 1 script -qc \
		"stty columns 400; '$MCHAT' $2 -n lee" /dev/null
	wait_for 10 shows "$1" "mchat doctor" ||
		note "$(cat "$scratch/$1.out")"
	say "$1" /quit
	finish "$1" >/dev/null
	stop "$1.input"
	rm "$scratch/$1.in"
}

# told_why NAME REGEX WHAT: that line of NAME matches.
told_why() {
	like "$(grep -a "mchat doctor" "$scratch/$1.out")" "$2" "$3"
}

# play OPTION GROUP
play() {
	chat healthy "$1"
	told_why healthy "mchat called on $2 by eth0.*mchat doctor" \
		"$1: where it called, and what looks for the cause"

	on 1 nft 'add table inet f;
		add chain inet f in { type filter hook input priority 0; };
		add rule inet f in udp dport 62428 drop' ||
		skip_all "nft does not work"
	chat deaf "$1"
	told_why deaf "does not even come back.*UDP port 62428.*mchat doctor" \
		"$1: a firewall that drops what comes in"

	on 1 nft 'flush ruleset; add table inet f;
		add chain inet f out { type filter hook output priority 0; };
		add rule inet f out udp dport 62428 drop'
	chat refused "$1"
	told_why refused "refused \(EPERM, .*mchat doctor" \
		"$1: one that drops what goes out"
	on 1 nft flush ruleset
}

play -4 '239\.255\.77\.67:62428'
play -6 '\[ff12::4d43\]:62428'
play "-4 -6" '239\.255\.77\.67:62428'

# ---- a member that does not hear us ----

# Whoever is heard is here, so that this is no case of being alone: it is said of
# him.
for family in -4 -6; do
	on 2 nft 'add table inet f;
		add chain inet f in { type filter hook input priority 0; };
		add rule inet f in udp dport 62428 drop'
	start max on 2 "$MCHAT" -R "$family" -n max
	start_open lee on 1 script -qc \
		"stty columns 400; '$MCHAT' $family -n lee" /dev/null
	succeeds "$family: a member that does not hear us: the cause" \
		wait_for 20 grep -aq "max is here but does not hear you; look" \
		"$scratch/lee.out"
	fails "$family: nobody is told to be alone" \
		grep -a "mchat doctor" "$scratch/lee.out"
	say lee /quit
	finish lee >/dev/null
	stop lee.input
	stop max
	rm "$scratch/lee.in"
	on 2 nft flush ruleset
done

# ---- rp_filter ----

# What comes from max is dropped, since the way back to him leads elsewhere.  Over IPv6 there is no such filter.
on 1 sh -c 'echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter
	echo 1 >/proc/sys/net/ipv4/conf/eth0/rp_filter'
on 1 ip route add 10.77.0.2/32 via 10.78.0.2 dev eth1
start max on 2 "$MCHAT" -R -4 -i eth0 -n max
if has_linux "the counter of rp_filter"; then
	chat filtered "-4 -i eth0"
	told_why filtered \
		"datagrams came that the kernel dropped.*rp_filter.*doctor" \
		"rp_filter"
fi
stop max

done_testing
