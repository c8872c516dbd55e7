#!/bin/sh
# SPDX-License-Identifier: ISC
#
# mchat doctor: its help, its formats, its exit status; wrong usage.  What it
# finds of a network is in net/doctor.t.

. "${0%/*}/../lib.sh"
requires jq

# run WORD...: stdout in $scratch/out, stderr in $scratch/err, $status.
run() {
	"$MCHAT" doctor "$@" >"$scratch/out" 2>"$scratch/err"
	status=$?
}

said() {
	cat "$scratch/err"
}

# ---- what it says, whatever the state of this host ----

run -T 0.5 -f json
like $status '^[01]$' "it ends"
is "$(said)" "" "and says nothing else"
is "$(jq -r .event "$scratch/out" | tail -n 1)" verdict \
	"JSON: the last line is the verdict"
is "$(jq -r .event "$scratch/out" | sed '$d' | grep -vx finding)" "" \
	"JSON: all others are findings"
is "$(jq -r 'select(.event == "finding") | keys_unsorted | join(" ")' \
	"$scratch/out" | sort -u |
	grep -vx "event cause severity interface member text mend")" "" \
	"JSON: findings have these members"
is "$(jq -r 'select(.event == "finding") | .severity' "$scratch/out" |
	grep -vxE 'fault|warning|note')" "" "JSON: three severities"
is "$(jq -r .cause "$scratch/out" | grep -vxE "ok|alone|interface-down|no-carrier|dormant|no-address|multicast-off|firewall-in|firewall-out|firewall-igmp|below-ip|rp-filter|membership-limit|port-taken|small-buffer|no-querier|switch-drops-multicast|client-isolation|wrong-network|one-way|ttl|router-no-multicast|mtu|duplicate-address|other-version|loss|family|not-visible")" "" \
	"JSON: causes by these names"
trouble=$(jq -r 'select(.severity == "fault" or .severity == "warning") |
	.cause' "$scratch/out" | wc -l)
is $status $((trouble > 0)) "the exit status is whether there is trouble"

run -T 0.5 -v
is "$(tail -n 1 "$scratch/out" | cut -d: -f1)" verdict \
	"text: the last line is the verdict"
is "$(sed '$d' "$scratch/out" | grep -vE '^(fault|warning|note): .* \[[a-z-]+\]$')" \
	"" "text: a finding is a line, with its severity and its cause"

run -T 0.5 -f json 239.1.2.3:5000
like $status '^[01]$' "a group with its port"
run -T 0.5 -f json -p 5001 239.1.2.3
like $status '^[01]$' "and with -p"
run -T 0.5 -f json -6
like $status '^[01]$' "-6"

# ---- a port that somebody has ----

if command -v socat >/dev/null; then
	start holder socat -u UDP4-RECVFROM:5099,bind=0.0.0.0 OPEN:/dev/null
	is_held() {
		grep -qi ":$(printf %04X 5099) " /proc/net/udp
	}
	if wait_for 5 is_held && [ -n "$("$MCHAT" doctor -T 0.5 -f json |
		jq -r 'select(.cause == "alone" or .cause == "ok")')" ]; then
		run -T 0.5 -f json -p 5099
		is "$status $(jq -r 'select(.event == "verdict") | .cause' \
			"$scratch/out")" "1 port-taken" "a port that is taken"
		if has_linux "who has a port"; then
			like "$(jq -r 'select(.event == "finding") | .text' \
				"$scratch/out")" "number $(id -u) " "and by whom"
		fi
	else
		skip "a port that is taken" "this host has no network"
	fi
	stop holder
	start holder socat -u UDP6-RECVFROM:5099,ipv6only=0 OPEN:/dev/null
	is_held_over_ipv6() {
		grep -qi ":$(printf %04X 5099) " /proc/net/udp6
	}
	if ! has_linux "who has a port"; then
		:
	elif within 3 is_held_over_ipv6 && run -T 0.5 -f json -p 5099 &&
		grep -q port-taken "$scratch/out"; then
		like "$(jq -r '.text' "$scratch/out")" "number $(id -u) " \
			"and by whom, when that has it over IPv6"
	else
		skip "by whom, over IPv6" "this host has no IPv6, or no network"
	fi
	stop holder
fi

# ---- help and usage ----

run --help
is $status 0 "--help"
like "$(cat "$scratch/out")" '^usage: mchat doctor ' "says the usage"
is "$(LC_ALL=C.UTF-8 awk 'length > 80' "$scratch/out")" "" \
	"it fits a terminal of 80 columns"
is "$("$MCHAT" help doctor)" "$(cat "$scratch/out")" "mchat help doctor"

# wrong WHAT REGEX WORD...: it is refused, and why is said.
wrong() {
	what=$1
	regex=$2
	shift 2
	run "$@"
	is $status 2 "$what: exit status 2"
	like "$(said)" "$regex" "$what: says why"
	is "$(cat "$scratch/out")" "" "$what: nothing on stdout"
}

wrong "an interface that is none" "nosuch0: no such interface" -i nosuch0
wrong "a format that is none" "must be text or json" -f bare
wrong "an option that is none" "unknown" --nosuch
wrong "a value that is missing" "needs a value" -p
wrong "a port that is none" "whole number" -p 0
wrong "a time that is none" "must be seconds" -T soon
wrong "an address that is no group" "group" 10.1.2.3
wrong "two groups" "too many" 239.1.2.3 239.1.2.4
wrong "a port twice" "twice" -p 1 239.1.2.3:2

"$MCHAT" doctor -T 0.2 >/dev/full 2>"$scratch/err"
is $? 1 "a full stdout is trouble"

done_testing
