#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Authors are killed while they talk.  Every line of theirs that one survivor
# has, all survivors have in the end, though each lost others: they repair them
# for one another.
#
#   a1, a2, a3 (host 1)   r2 0 %   r3 10 %   r4 30 %   r5 30 % lost
#      |                   |        |         |         |
#   ---+-------------------+--------+-- br0 --+---------+---

. "${0%/*}/../lib.sh"
requires nft
on_lan 5

authors="a1 a2 a3"
receivers="r2 r3 r4 r5"

# all_say TEXT: each receiver says TEXT of each author.
all_say() {
	for name in $receivers; do
		for author in $authors; do
			grep -q "$author $1" "$scratch/$name.err" || return
		done
	done
}
# of AUTHOR NAME: the author's lines that NAME printed.
of() {
	sed -n "s/^$1: //p" "$scratch/$2.out"
}
same_lines() {
	for author in $authors; do
		of "$author" r2 >"$scratch/$author.lines"
		for name in $receivers; do
			of "$author" "$name" |
				cmp -s - "$scratch/$author.lines" || return
		done
	done
}

for name in $receivers; do
	start "$name" on "${name#r}" "$MCHAT" -R -n "$name"
done
for author in $authors; do
	start_open "$author" on 1 "$MCHAT" -S -q -n "$author"
done
prepared all_say joined
lossy 10 3 || skip_all "nft does not work here"
lossy 30 4 5

# More than an author may have unconfirmed, so that it is still talking when r2
# has some of it.
feeders=
for author in $authors; do
	numbered 100000 1<>"$scratch/$author.in" &
	feeders="$feeders $!"
done
some=100
for author in $authors; do
	succeeds "$author: line $some reaches r2" wait_for 10 grep -q \
		"^$author: line 0*$some\$" "$scratch/r2.out"
	signal "$author" KILL
	collect "$author" 2>/dev/null
	some=$((some + 300))
done
# shellcheck disable=SC2086 # several
kill $feeders 2>/dev/null
# shellcheck disable=SC2086
wait $feeders 2>/dev/null

succeeds "every survivor is told that each author left" wait_for 40 all_say left
succeeds "all survivors have the same lines" wait_for 30 same_lines
for author in $authors; do
	lines=$(wc -l <"$scratch/$author.lines")
	note "$author: $lines lines"
	is "$(cksum <"$scratch/$author.lines")" "$(numbered "$lines" | cksum)" \
		"$author: survivors have its lines from the first on, each once, in order"
done
for name in $receivers; do
	stop "$name"
	is $? 0 "exit status of $name"
	fails "$name lost nothing" grep lost "$scratch/$name.err"
done

done_testing
