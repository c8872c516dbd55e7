#!/bin/sh
# SPDX-License-Identifier: ISC
#
# mchat doctor and a member behind a router: its TTL is too small, or the router
# forwards no multicast.
#
#   doctor   host 1   bob  host 2           carol  host 3
#              |             |                       |
#     --- br0 -+-------------+-- router ---- br1 ----+---
#         10.77.0.K            .254     .254   10.78.0.K

. "${0%/*}/../lib.sh"
requires jq nft smcrouted
on_lan --router 3

# doctor WORD...: its exit status and its verdict in $found, JSON in $out.
doctor() {
	out=$scratch/report
	on 1 "$MCHAT" doctor -f json "$@" >"$out" 2>"$scratch/err"
	found="$? $(jq -r 'select(.event == "verdict") |
		"\(.cause) \(.member)"' "$out")"
}

start bob on 2 "$MCHAT" -R -v -n bob
start carol on 3 "$MCHAT" -R -v -n carol
is_in bob
is_in carol

doctor
is "$found" "1 ttl 10.78.0.3" "TTL 1 does not reach carol"
like "$(jq -r 'select(.cause == "ttl") | .mend' "$out" | head -n 1)" \
	"mchat -t 2" "TTL 2 would"

# One that forwards unicast only.
on router nft 'add table ip f; add chain ip f out {
	type filter hook forward priority 0; };
	add rule ip f out ip daddr 224.0.0.0/4 drop' || skip_all "nft does not work"
doctor
is "$found" "0 ok null" "of who cannot be reached nothing is known"
doctor -s 10.78.0.3
is "$found" "1 router-no-multicast 10.78.0.3" \
	"by unicast it is found, and its group does not come"
like "$(jq -r 'select(.cause == "router-no-multicast") | .mend' "$out" |
	head -n 1)" "mchat --peer 10.78.0.3" "a way around is named"

done_testing
