#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The exit status of an mchat that sends what comes from a pipe: 0 when all who
# are here have confirmed it or nobody is here, else 1, with the reason; and how
# much it reads ahead of the confirmations.
#
#   lines | alice (host 1)   bob (host 2)   carol (host 3)
#                |               |              |
#            ----+---------------+---- br0 -----+----

. "${0%/*}/../lib.sh"
on_lan 3

# alice EXPECTED NAME ARGUMENT...: her status and the first line of stderr.
alice() {
	expected=$1 what=$2
	shift 2
	printed=$(timeout 60 on 1 "$MCHAT" -n alice "$@" 2>&1 >"$scratch/stdout")
	is "$?: $(echo "$printed" | head -n 1)" "$expected" "$what"
	is "$(cat "$scratch/stdout")" "" "$what: nothing on stdout"
}

# ---- alone ----

alice "0: " "alone: -m succeeds" -m hello
alice "0: " "alone: no input succeeds" </dev/null
alice "0: " "alone: no input with -S succeeds" -S </dev/null
alice "1: mchat: 0 of 1 members came before the timeout; nothing was sent; `
	`start them first, or wait longer (-T)" \
	"alone: -w 1 waits in vain" -w 1 -T 0.5 -m hello
alice "1: mchat: 0 of 1 messages came before the timeout" \
	"alone: -c 1 waits in vain" -c 1 -T 0.5 -R

# ---- in company ----

for host in 2 3; do
	name=$([ $host -eq 2 ] && echo bob || echo carol)
	start "$name" on $host "$MCHAT" -R -f bare -n "$name"
done
prepared knows bob carol
prepared knows carol bob

alice "0: " "two members confirm -m" -q -w 2 -m one -m two
alice "0: " "two members confirm the lines of a pipe" -q -w 2 <<-'END'
	three

	four
END
# The two chats ran one after the other, so the order of the lines is known.
for name in bob carol; do
	wait_for 5 shows $name four
	is "$(cat "$scratch/$name.out")" "one
two
three

four" "$name has every line, the empty one too"
done
alice "1: mchat: 2 of 3 members came before the timeout; nothing was sent; `
	`start them first, or wait longer (-T)" \
	"two members: -w 3 waits in vain" -q -w 3 -T 3 -m five
alice "0: " "two members: no input succeeds" -q </dev/null
fails "when -w 3 waits in vain nothing is sent" shows bob five

# ---- one is stopped ----

start_open dora on 1 "$MCHAT" -S -n dora -w 2 -T 2
prepared knows dora bob
prepared knows dora carol
signal bob STOP
say dora six
prepared shows carol six
hang_up dora
finish dora
like "$?: $(grep -v joined "$scratch/dora.err")" \
	"^1: mchat: not confirmed by bob \((`
		`heard [0-9]+\.[0-9] s ago, lacks line 1\); a larger -T waits `
		`longer, and --trace shows what is lost|`
		`silent for [0-9]+ s, lacks line 1\); look whether it .*)$" \
	"the member that does not confirm is named, and nobody else"
signal bob CONT
succeeds "bob gets the line when he goes on" wait_for 5 shows bob six

# Only so many unconfirmed lines are taken in; then the writer has to wait.
rm "$scratch/dora.in"
start_open dora on 1 "$MCHAT" -S -n dora -w 2 -T 20
prepared knows dora bob
signal bob STOP
before=$(resident_kib dora)
numbered 1000000 1<>"$scratch/dora.in" 2>/dev/null &
feeder=$!
prepared has_lines carol 10000
# Until no more comes out.
still() {
	lines=$(wc -l <"$scratch/carol.out")
	sleep 0.3
	[ "$(wc -l <"$scratch/carol.out")" -eq "$lines" ]
}
succeeds "what is sent but not confirmed is bounded" wait_for 5 still
note "$(wc -l <"$scratch/carol.out") lines went out"
after=$(resident_kib dora)
note "dora: $before KiB resident at first, then $after"
# What an author keeps, and a sanitizer's share.
succeeds "dora's memory grows by 12 MiB at most" \
	[ $((after - before)) -le 12288 ]
succeeds "dora's writer has to wait" kill -0 $feeder
signal bob CONT
succeeds "when bob goes on, carol gets every line" wait_for 20 has_lines carol 1000000
wait $feeder
hang_up dora
finish dora
is "$?: $(grep -v joined "$scratch/dora.err")" "0: " "dora's lines are all confirmed in the end"

for name in bob carol; do
	stop $name
	is $? 0 "exit status of $name"
done

done_testing
