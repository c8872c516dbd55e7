#!/bin/sh
# SPDX-License-Identifier: ISC
#
# An interface comes when the chat has begun, goes, and comes back with another
# index, however it was asked for.
#
#      alice (host 1)
#     eth0 |        | eth1  <- comes, goes, comes
#   br0 ---+---- ---+---- br1
#                   |
#                  bob (host 2)   with ears on eth1 only

. "${0%/*}/../lib.sh"
on_lan --networks 2 2

index() {
	on 1 ip -o link show dev eth1 | cut -d : -f 1
}
hear_one_another() {
	say alice "alice $1"
	succeeds "$1: bob hears alice" wait_for 5 shows bob "alice $1"
	say bob "bob $1"
	succeeds "$1: alice hears bob" wait_for 5 shows alice "bob $1"
}
begin() {
	start_open alice on 1 "$MCHAT" "$@"
	start_open bob on 2 "$MCHAT" $raw -i eth1
	prepared has_members 2 eth1 1
}
end() {
	for name in alice bob; do
		hang_up $name
		finish $name
		is $? 0 "$1: exit status of $name"
		rm "$scratch/$name.in"
	done
}
# goes_and_comes HOW
goes_and_comes() {
	before=$(index)
	unplug 1 1
	succeeds "$1: alice is told that it is gone" \
		wait_for 5 told alice "eth1 is gone"
	plug 1 1
	fails "$1: it comes back with another index" [ "$(index)" = "$before" ]
	succeeds "$1: and that it is back" \
		wait_for 5 told alice "eth1 is back (10.78.0.1)"
	hear_one_another "$1, back"
}

raw=
unplug 1 1
begin
prepared has_members 1 eth0 1
plug 1 1
succeeds "new: alice is told" wait_for 5 told alice "joined eth1 (10.78.0.1)"
hear_one_another "new"
goes_and_comes "by default"
is "$(grep -c "left:" "$scratch/alice.err")" 0 "all the time eth0 was left"
end "by default"

for raw in "" --raw; do
	for how in eth1 10.78.0.1 index; do
		[ $how != index ] || how=$(index)
		begin $raw -i "$how"
		prepared has_members 1 eth1 1
		goes_and_comes "$raw -i $how"
		succeeds "$raw -i $how: that there was no other was told" \
			told alice "no interface is left: waiting"
		end "$raw -i $how"
	done
done

done_testing
