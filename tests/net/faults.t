#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Faults on demand: what --drop takes away comes again, which --stats counts;
# and the same seed makes the same faults.
#
#   lines | alice (host 1)   bob: mchat --drop 30 (host 2)
#                |             |
#            ----+---- br0 ----+----

. "${0%/*}/../lib.sh"
requires jq
on_lan 2

count=20000
numbered $count >"$scratch/lines"
start bob on 2 "$MCHAT" -R -f json -c $count --drop 30 --seed 1 --stats
on 1 "$MCHAT" -S -q -w 1 -T 60 <"$scratch/lines"
is $? 0 "alice's exit status"
finish bob
is $? 0 "bob's exit status"
is "$(jq -r 'select(.event == "message") | .text' "$scratch/bob.out" | cksum)" \
	"$(cksum <"$scratch/lines")" "bob has each line once, in order"
stat() {
	jq "select(.event == \"stats\") | .$1" "$scratch/bob.out"
}
for name in dropped_on_purpose repaired_for_me; do
	note "$name: $(stat $name)"
	succeeds "--stats: $name counts some" [ "$(stat $name)" -gt 0 ]
done
is "$(stat lost)" 0 "--stats: nothing is lost"

# ---- the same seed ----

# Raw datagrams come once and as they are; the text is the number.
faulty() {
	start carl on 2 "$MCHAT" --raw -R -f bare -q --drop 20 \
		--duplicate 20 --reorder 20 --seed "$1"
	prepared has_members 2 eth0 1
	seq 200 | on 1 "$MCHAT" --raw -S
	on 1 "$MCHAT" --raw -S -m end -m end -m end -m end -m end -m end
	prepared shows carl end
	stop carl
	grep -v end "$scratch/carl.out"
}
once=$(faulty 7)
succeeds "--drop 20: some line never came" [ "$(echo "$once" | sort -u | wc -l)" -lt 200 ]
fails "--duplicate 20: some line came twice" [ "$(echo "$once" | sort -u | wc -l)" -eq \
	"$(echo "$once" | wc -l)" ]
fails "--reorder 20: some line was overtaken" sort -n -c - <<-END
	$once
END
# What is overtaken waits 20 ms at most: by how much depends on when others come
# (tests/unit/fault_injection.c has the order, with a clock of its own).
is "$(faulty 7 | sort -n)" "$(echo "$once" | sort -n)" \
	"the same seed loses and doubles the same"
fails "another seed makes other faults" \
	[ "$(faulty 8 | sort -n)" = "$(echo "$once" | sort -n)" ]

done_testing
