#!/bin/sh
# SPDX-License-Identifier: ISC
#
# With -S mchat does not join the group; with -R it does not read its input.
#
#   alice -S (host 1)     bob, carol -R (host 2)
#         |                       |
#   ------+--------- br0 ---------+------

. "${0%/*}/../lib.sh"
on_lan 2

# -S: a line of hers says that she runs; then bob speaks.
start_open bob on 2 "$MCHAT" --raw
prepared has_members 2 eth0 1
start_open alice on 1 "$MCHAT" --raw -S --explain
say alice "I only talk"
succeeds "-S: bob hears alice" wait_for 5 shows bob "I only talk"
succeeds "-S: alice is not in the group" has_members 1 eth0 0
say bob "listen, alice"
start_open witness on 1 "$MCHAT" --raw
prepared has_members 1 eth0 1
say bob "anyone?"
succeeds "-S: someone else on her host hears bob" \
	wait_for 5 shows witness "anyone?"
say alice "still talking"
succeeds "-S: alice goes on" wait_for 5 shows bob "still talking"
hang_up alice
finish alice
is $? 0 "-S: exit status"
is "$(cat "$scratch/alice.out")" "" "-S: alice printed nothing"
like "$(cat "$scratch/alice.err")" "IP_MULTICAST_IF, eth0\) = 0" \
	"-S: --explain tells how alice sends"
fails "-S: --explain tells of no join" grep -E "ADD_MEMBERSHIP|bind\([0-9]*, 239" \
	"$scratch/alice.err"

# -R: cat, which runs afterwards, finds all the input that mchat left unread.
seq 3 >"$scratch/input"
# shellcheck disable=SC2016 # for the inner shell
start carol sh -c 'on 2 "$MCHAT" --raw -R -c 2 -T 60 -f bare; echo "status $?"; cat' \
	<"$scratch/input"
prepared has_members 2 eth0 2
say bob "to carol"
say bob "bye carol"
finish carol
is "$(cat "$scratch/carol.out")" "to carol
bye carol
status 0
1
2
3" "-R: shows what comes and leaves its input unread"

say bob "the end"
succeeds "-R: a line sent afterwards comes" wait_for 5 shows witness "the end"
fails "-R: nobody heard the input" grep -Ex '.*\] [123]' "$scratch/witness.out"
fails "no echo: bob does not see his own lines" \
	grep -E "listen|anyone|carol|the end" "$scratch/bob.out"
is "$(sed 's/.*\] //' "$scratch/bob.out")" "I only talk
still talking" "bob saw every line of alice's"

done_testing
