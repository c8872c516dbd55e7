#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Six members talk all the time while the network is cut in two for 5 seconds
# or more.
# When it is whole again everyone has everything, in each author's order.
#
#   m1   m2   m3   :   m4   m5   m6
#    |    |    |   :    |    |    |
#   -+----+----+-- br0 -+----+----+-

. "${0%/*}/../lib.sh"
requires nft jq
on_lan 6

everyone="1 2 3 4 5 6"
# Of each member, one in 100 ms: while the network is being cut, while it is cut,
# while it is being healed, and after that.
cutting=30
apart=80
lines=100

# count_of KIND NAME: the events of a kind that NAME printed.
count_of() {
	grep -c "\"event\":\"$1\"" "$scratch/$2.out"
}
# meets COUNT: everyone knows so many others.
meets() {
	for host in $everyone; do
		[ "$(count_of join "m$host")" -ge "$1" ] || return
	done
}
# cut_off HOST OTHER...: the host hears no more of the others.
cut_off() {
	host=$1
	shift
	on "$host" nft -f - <<-END
		table inet wall {
			chain in {
				type filter hook input priority 0
				ip saddr { $(printf '10.77.0.%s, ' "$@") } drop
			}
		}
	END
}
heal() {
	for host in $everyone; do
		on "$host" nft delete table inet wall
	done
}
# said_by AUTHOR LISTENER: the numbers that came, in their order.
said_by() {
	jq -r --arg nick "m$1" \
		'select(.event == "message" and .nick == $nick) | .text' \
		"$scratch/m$2.out"
}
has_all() {
	for host in $everyone; do
		[ "$(count_of message "m$host")" -ge $((5 * lines)) ] || return
	done
}
# talk FROM TO: each of them says these numbers.
talk() {
	for line in $(seq "$1" "$2"); do
		for host in $everyone; do
			say "m$host" "$line"
		done
		sleep 0.1
	done
}
# has_last AUTHOR LISTENER LINE: as far as this the listener has it.
has_last() {
	[ "$(said_by "$1" "$2" | tail -n 1)" = "$3" ]
}

for host in $everyone; do
	start_open "m$host" on "$host" "$MCHAT" -f json -n "m$host"
done
succeeds "six members meet" wait_for 10 meets 5

talk 1 $cutting &
talking=$!
prepared has_lines m1 50
for host in 1 2 3; do
	cut_off $host 4 5 6 || skip_all "nft does not work here"
done
for host in 4 5 6; do
	cut_off $host 1 2 3
done
wait "$talking"
talk $((cutting + 1)) $apart
succeeds "this side of the cut all is heard" wait_for 10 has_last 4 5 $apart
is "$(said_by 4 1 | awk -v cut=$cutting '$1 > cut')" "" \
	"nothing crosses the cut"
talk $((apart + 1)) $lines &
talking=$!
heal
wait "$talking"
succeeds "all that was said reaches everyone" wait_for 15 has_all
for listener in $everyone; do
	for author in $everyone; do
		[ "$author" -ne "$listener" ] || continue
		is "$(said_by "$author" "$listener" | cksum)" \
			"$(seq $lines | cksum)" \
			"m$listener has every line of m$author, in order"
	done
done
for host in $everyone; do
	is "$(count_of lost "m$host")" 0 "m$host lost nothing"
done

# A member that was away for a while and came back without a loss has confirmed.
for host in $everyone; do
	hang_up "m$host"
	finish "m$host"
	is $? 0 "m$host's exit status"
done

done_testing
