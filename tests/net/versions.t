#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A member that has another version of mchat is heard, but neither repairs nor
# confirms: the chat says so, once, and the doctor names the host.
#
#   alice (host 1)      another version (host 2)
#         |                  |
#   ------+------- br0 ------+------

. "${0%/*}/../lib.sh"
requires socat jq
on_lan 2

group=239.255.77.67:62428
warning="mchat: 10.77.0.2 has another version of mchat: "
# send FORMAT: what printf makes of it, in one datagram.
send() {
	# shellcheck disable=SC2059 # a format it is
	printf "$1" | on 2 socat -u STDIN \
		"UDP4-DATAGRAM:$group,ip-multicast-if=10.77.0.2"
}
# A STATE of mchat 0.1; of a version that is still to come; what is sealed.
member='\0\0\0\0\0\0\0\0\0\0\0\0\0\7'
former='\371\22'$member'\0\0\0\0\0\0\0\1'
later='\371\61'$member
sealed='\371\41'$member$member$member$member$member

start_open alice on 1 "$MCHAT" -v -i eth0
start_open silent on 1 "$MCHAT" -q -i eth0
is_in alice
prepared has_members 1 eth0 2

send "$sealed"
send 'one\n'
prepared shows alice one
is "$(grep "another version" "$scratch/alice.err")" "" \
	"what a private group says is of no other version"
send "$former"
send "$former"
send "$later"
send 'two\n'
prepared shows alice two
prepared shows silent two
like "$(cat "$scratch/alice.err")" \
	"^${warning}neither repairs nor confirms for the other; install the same on both \\(mchat -V\\)\$" \
	"a STATE of another version is told"
is "$(grep -c "$warning" "$scratch/alice.err")" 1 "... once"
is "$(cat "$scratch/silent.err")" "" "... and not with -q"

start_terminal kim 1 -i eth0
# told COUNT: kim's terminal has shown it so often.
told() {
	send "$former"
	[ "$(grep -c "another version" "$scratch/kim.out")" = "$1" ]
}
prepared told 1
say kim "/join 239.255.77.67"
succeeds "... and again in the next group" wait_for 5 told 2

start other on 2 sh -c "while printf '$later'; do sleep 0.1; done |
	socat -u STDIN UDP4-DATAGRAM:$group,ip-multicast-if=10.77.0.2"
on 1 "$MCHAT" doctor -f json -i eth0 >"$scratch/report"
is "$? $(jq -r 'select(.severity and .cause == "other-version") |
	.severity, .member' \
	"$scratch/report" | tr '\n' ' ')" "1 warning 10.77.0.2 " \
	"the doctor names who has another version"

done_testing
