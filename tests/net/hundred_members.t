#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A hundred members on one host know one another, and each stays small: at most
# 4 MiB resident.
#
#   m1 ... m100
#    |  |  |
#   -+- eth0 of host 1, looped back

. "${0%/*}/../lib.sh"
on_lan 1

count=100
limit=4096 # KiB
everyone=$(seq $count)

# joins NAME: how many others it has heard of.
joins() {
	grep -c ' joined$' "$scratch/$1.err"
}
all_met() {
	for member in $everyone; do
		[ "$(joins "m$member")" -ge $((count - 1)) ] || return
	done
}

for member in $everyone; do
	start "m$member" on 1 "$MCHAT" -R -n "m$member"
done
succeeds "each knows 99 others" wait_for 30 all_met
largest=$(for member in $everyone; do resident_kib "m$member"; done |
	sort -n | tail -n 1)
if [ "${BUILD##*/}" = asan ]; then
	note "their memory is not measured: a sanitizer takes more"
else
	note "$largest KiB resident at most"
	succeeds "each stays within $limit KiB" [ "$largest" -le $limit ]
fi

start alice on 1 "$MCHAT" -q -n alice -w $count -m "can you all hear me?"
finish alice
is "$?: $(cat "$scratch/alice.err")" "0: " \
	"a newcomer is confirmed by all of them"
all_heard() {
	for member in $everyone; do
		shows "m$member" "alice: can you all hear me?" || return
	done
}
succeeds "all of them show what the newcomer said" all_heard
for member in $everyone; do
	signal "m$member" TERM
done
bad=0
for member in $everyone; do
	finish "m$member" || bad=$((bad + 1))
done
is $bad 0 "every member's exit status is 0"

done_testing
