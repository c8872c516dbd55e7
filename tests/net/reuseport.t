#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A program that shares the port by SO_REUSEPORT alone, as is the custom on
# other systems, fits in before mchat and after it.
#
#   mchat, socat (host 1)      mchat (host 2)
#         |                          |
#   ------+---------- br0 -----------+------

. "${0%/*}/../lib.sh"
on_lan 2
requires socat

listen() {
	start_open "$1" on 1 socat -u "UDP4-RECV:62428,bind=239.255.77.67,`
		`reuseport,ip-add-membership=239.255.77.67:eth0" -
}

listen early
prepared has_members 1 eth0 1
start_open alice on 1 "$MCHAT" --raw
prepared has_members 1 eth0 2
listen late
prepared has_members 1 eth0 3

on 2 "$MCHAT" --raw -m "to all"
for name in early alice late; do
	succeeds "$name hears it" wait_for 5 shows "$name" "to all"
done

# One that shares the port with nobody is named by its user.
start_open alone on 1 socat -u UDP4-RECV:62429 -
is_held() {
	on 1 grep -qi ":$(printf %04x 62429) " /proc/net/udp
}
prepared is_held
on 1 "$MCHAT" --raw -p 62429 -R -c 1 -T 0 2>"$scratch/refused"
is $? 1 "a port that another has to itself: exit status"
like "$(cat "$scratch/refused")" "bind.*another program has the port to itself" \
	"it is said"
if has_linux "who has a port"; then
	like "$(cat "$scratch/refused")" \
		"^mchat: port 62429 is held by uid [0-9]+, and mchat runs as uid [0-9]+; .*one user" \
		"and whose it is"
fi

done_testing
