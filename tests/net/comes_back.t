#!/bin/sh
# SPDX-License-Identifier: ISC
#
# An interface comes when the chat has begun, goes, and comes back with another
# index, however it was selected; or another device with the same name and index
# replaces it at once.
#
#      alice (host 1)
#     eth0 |        | eth1  <- comes, goes, comes
#   br0 ---+---- ---+---- br1
#                   |
#                  bob (host 2)   listens on eth1 only

. "${0%/*}/../lib.sh"
on_lan --networks 2 2

index() {
	on 1 ip -o link show dev eth1 | cut -d : -f 1
}
begin() {
	start_open alice on 1 "$MCHAT" "$@"
	start_open bob on 2 "$MCHAT" $raw -i eth1
	prepared has_members 2 eth1 1
}
end() {
	what=$1
	leave alice bob
}
# goes_and_comes HOW
goes_and_comes() {
	before=$(index)
	unplug 1 1
	succeeds "$1: alice is told that eth1 is gone" \
		wait_for 5 told alice "eth1 is gone"
	plug 1 1
	fails "$1: eth1 comes back with another index" [ "$(index)" = "$before" ]
	succeeds "$1: alice is told that eth1 is back" \
		wait_for 5 told alice "eth1 is back (10.78.0.1)"
	hear_one_another "$1, back"
}

# replace: puts another device in the place of eth1, with its index, at once.
replace() {
	on 1 ip -batch - <<-END
		link del eth1
		link add eth1 index $(index) type veth peer name h1.1
		link set h1.1 netns 1
		$revive
	END
	ip link set h1.1 master br1 up
}
# send_round: has eth1 itself go to another network namespace, and come back.
send_round() {
	before=$(index)
	on 1 ip link set eth1 netns "$away"
	nsenter -t "$away" -n ip link set eth1 netns \
		"$(echo "$LAN_PIDS" | awk '{ print $1 }')"
	echo "$revive" | on 1 ip -batch -
	is "$(index)" "$before" "away and back: eth1 has its old index"
}
revive="link set eth1 up
addr add 10.78.0.1/24 dev eth1"

raw=
unplug 1 1
begin
prepared has_members 1 eth0 1
plug 1 1
succeeds "new: alice is told that she joined eth1" wait_for 5 told alice "joined eth1 (10.78.0.1)"
hear_one_another "new"
goes_and_comes "by default"
is "$(grep -c "left:" "$scratch/alice.err")" 0 "by default: alice was never without an interface"
end "by default"

for raw in "" --raw; do
	for how in eth1 10.78.0.1 index; do
		[ $how != index ] || how=$(index)
		begin $raw -i "$how"
		prepared has_members 1 eth1 1
		goes_and_comes "$raw -i $how"
		succeeds "$raw -i $how: alice is told that no interface is left" \
			told alice "no interface is left: waiting"
		end "$raw -i $how"
	done
done

has_linux "news of a device in whose place another with its index came" ||
	done_testing

# Raw lines are not sent again, so each that arrives proves that its receiver
# had joined.
raw=--raw
begin --raw -v --explain -i eth1
start_open carol on 1 "$MCHAT" --raw -i eth1
prepared has_members 1 eth1 2
for times in 1 2; do
	before=$(index)
	replace
	is "$(index)" "$before" "same index, $times: the new eth1 has the old index"
	succeeds "same index: alice is told that eth1 is back, $times times" \
		wait_for 5 told alice "eth1 is back (10.78.0.1)" $times
	succeeds "same index: carol is told that eth1 is back, $times times" \
		wait_for 5 told carol "eth1 is back (10.78.0.1)" $times
	hear_one_another "same index, $times"
	succeeds "same index, $times: carol hears bob" \
		wait_for 5 shows carol "bob same index, $times"
	succeeds "same index, $times: alice and carol are members" has_members 1 eth1 2
done
fails "same index: alice is never told that eth1 is gone" told alice "eth1 is gone"
hang_up carol
finish carol
is $? 0 "carol: exit status"
succeeds "when carol leaves, alice is still a member" has_members 1 eth1 1

# When there is more news than the system keeps for alice, she learns only that
# some was dropped.
signal alice STOP
prepared stopped alice
{
	echo "link add s0 type veth peer name s1"
	seq 500 | sed 's/.*/link set s0 up\nlink set s0 down/'
} | on 1 ip -batch -
replace
signal alice CONT
succeeds "unnoticed: alice joins anew to make sure" wait_for 10 grep -q \
	"DROP_MEMBERSHIP.*unnoticed" "$scratch/alice.err"
succeeds "unnoticed: alice is a member" wait_for 10 has_members 1 eth1 1
hear_one_another "unnoticed"
end "same index"

unshare --net sleep infinity &
away=$!
echo $away >"$scratch/away.pid"
begin --raw -i eth1
prepared has_members 1 eth1 1
send_round
succeeds "away and back: alice is told that eth1 is back" \
	wait_for 5 told alice "eth1 is back (10.78.0.1)"
hear_one_another "away and back"
end "away and back"

done_testing
