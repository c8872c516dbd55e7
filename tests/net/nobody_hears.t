#!/bin/sh
# SPDX-License-Identifier: ISC
#
# "Nobody hears me" of README.md: what it says shows a firewall shows it, and what
# it says mends it does.
#
#   alice (host 1)      bob (host 2), behind a firewall
#         |                    |
#   ------+------- br0 --------+------

. "${0%/*}/../lib.sh"
requires nft dumpcap
on_lan 2

# in_readme COMMAND: that README.md names it; then it is run as it stands there.
in_readme() {
	grep -qF -- "\`$1\`" "$top/README.md"
}

# watch FILTER: what passes host 2, until stop watcher; by dumpcap, which sees what
# tcpdump does: that one wants to become another user, and there is none.
watch() {
	succeeds "README.md: tcpdump $1" in_readme "tcpdump -ni eth0 $1"
	start watcher on 2 dumpcap -q -i eth0 -f "$1" -w "$scratch/packets"
	prepared grep -q '^File:' "$scratch/watcher.err"
}

# passed BYTES: a packet that was seen holds them, in hexadecimal.
passed() {
	od -An -v -tx1 "$scratch/packets" | tr -d ' \n' | grep -q "$1"
}
to_group=efff4d43   # 239.255.77.67
to_routers=e0000016 # 224.0.0.22, where reports go (RFC 3376)

# wall CHAIN RULE POLICY: a firewall of host 2, as most have one.
wall() {
	on 2 nft -f - <<-END
		table inet filter
		delete table inet filter
		table inet filter {
			chain $1 {
				type filter hook $1 priority 0; policy $3;
				iif lo accept
				$2
			}
		}
	END
}

# mend COMMAND: as README.md has it.
mend() {
	succeeds "README.md: $1" in_readme "$1"
	# shellcheck disable=SC2086 # a command line
	succeeds "it can be typed" on 2 $1
}

# ---- UDP ----

mend_input='nft insert rule inet filter input udp dport 62428 accept'
for kind in "drop:accept" "accept:drop"; do
	case $kind in
	drop:*) rule="udp dport 62428 drop" ;;
	accept:*) rule="icmp type echo-reply accept" ;;
	esac
	wall input "$rule" "${kind#*:}" || skip_all "nft does not work here"
	start_open alice on 1 "$MCHAT" -n alice
	start bob on 2 "$MCHAT" -R -n bob --trace
	prepared has_members 1 eth0 1
	prepared has_members 2 eth0 1
	watch "udp port 62428"
	say alice "can you hear me?"
	succeeds "they can be seen before the firewall" \
		wait_for 5 passed 0a4d0001$to_group
	fails "and --trace does not" grep '<-.*10\.77\.0\.1' "$scratch/bob.err"
	fails "bob hears nothing" shows bob "can you hear me?"
	stop watcher
	mend "$mend_input"
	succeeds "then bob hears alice" wait_for 10 shows bob "can you hear me?"
	stop alice
	stop bob
	stop alice.input 2>/dev/null
	rm "$scratch/alice.in"
done

# ---- IGMP ----

wall output "ip protocol igmp drop" accept
watch igmp
start bob on 2 "$MCHAT" -v -R -n bob
is_in bob
start alice on 1 "$MCHAT" -v -R -n alice
is_in alice
succeeds "reports of other hosts pass" wait_for 5 passed 0a4d0001$to_routers
fails "none of this host does" passed 0a4d0002$to_routers
stop bob
mend "nft insert rule inet filter output ip protocol igmp accept"
start bob on 2 "$MCHAT" -v -R -n bob
is_in bob
succeeds "then one does" wait_for 5 passed 0a4d0002$to_routers
stop watcher
stop bob
stop alice

# The group that every switch lets through can be chatted in.
succeeds "README.md: mchat 224.0.0.1" in_readme "mchat 224.0.0.1"
start_open alice on 1 "$MCHAT" -n alice 224.0.0.1
start bob on 2 "$MCHAT" -R -n bob 224.0.0.1
prepared knows alice bob
say alice "hello, every host"
succeeds "224.0.0.1 works" wait_for 10 shows bob "hello, every host"

done_testing
