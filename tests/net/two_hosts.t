#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Two people on a LAN start mchat with no argument at all, and chat.
#
#   alice (host 1)      bob (host 2)
#         |                  |
#   ------+------ br0 -------+------

. "${0%/*}/../lib.sh"
on_lan 2

start_open alice on 1 "$MCHAT" --raw
start_open bob on 2 "$MCHAT" --raw
succeeds "alice joins on eth0" wait_for 5 has_members 1 eth0 1
succeeds "bob joins on eth0" wait_for 5 has_members 2 eth0 1

say alice "hello, is this on?"
succeeds "bob hears alice" wait_for 5 shows bob "hello, is this on?"
say bob "it is"
succeeds "alice hears bob" wait_for 5 shows alice "it is"
say alice "good"
succeeds "bob hears alice again" wait_for 5 shows bob "good"

# Each saw one or two lines of the other, and none of its own.
like "$(cat "$scratch/alice.out")" '^\[10\.77\.0\.2:[0-9]+\] it is$' \
	"alice sees who said it"
is "$(wc -l <"$scratch/alice.out")" 1 "alice sees no echo of her own lines"
is "$(sed 's/^.*\] //' "$scratch/bob.out")" "hello, is this on?
good" "bob saw her lines in order, and no echo of his own"

hang_up alice
finish alice
is $? 0 "alice's end of input ends her chat"
hang_up bob
finish bob
is $? 0 "bob's end of input ends his chat"
is "$(cat "$scratch/alice.err" "$scratch/bob.err")" "" "nobody complains of anything"

done_testing
