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

# each_has COUNT WORDS KIND: so many lines that end in WORDS in what each of them
# prints to KIND, out or err.  One grep for all: a hundred take longer than what
# is waited for.
each_has() {
	grep -c "$2\$" "$scratch"/m*."$3" | awk -F : -v least="$1" -v all="$count" '
		$NF >= least { having++ }
		END { exit having != all }'
}

for member in $everyone; do
	start "m$member" on 1 "$MCHAT" -R -n "m$member"
done
succeeds "each knows 99 others" wait_for 30 each_has $((count - 1)) " joined" err
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
succeeds "all of them show what the newcomer said" each_has 1 \
	"alice: can you all hear me?" out
for member in $everyone; do
	signal "m$member" TERM
done
bad=0
for member in $everyone; do
	finish "m$member" || bad=$((bad + 1))
done
is $bad 0 "every member's exit status is 0"

done_testing
