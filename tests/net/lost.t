#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What does not fit into the receive buffer is lost, but counted: a receiver
# that was stopped tells exactly how many lines it missed.
#
#   alice: mchat -S ---- lo ---- bob: mchat --rcvbuf 4096, stopped
#                          \---- carl: the same, with JSON

. "${0%/*}/../lib.sh"
on_lan 1

text_lost() {
	awk '/message.* lost:/ { sum += $2 } END { print sum + 0 }' \
		"$scratch/bob.err"
}
json_lost() {
	sed -n 's/.*"event":"lost","count":\([0-9]*\).*/\1/p' \
		"$scratch/carl.out" | awk '{ sum += $1 } END { print sum + 0 }'
}
text_shown() {
	wc -l <"$scratch/bob.out"
}
json_shown() {
	grep -c '"event":"plain"' "$scratch/carl.out"
}
# adds_up FORMAT: what was shown and what was told lost is what was sent.
adds_up() {
	[ $(($("$1_shown") + $("$1_lost"))) -eq "$sent" ]
}

start_open bob on 1 "$MCHAT" --raw -i lo --rcvbuf 4096
start_open carl on 1 "$MCHAT" --raw -i lo --rcvbuf 4096 -f json
prepared has_members 1 lo 2
for who in bob carl; do
	wait_for 5 grep -q SO_RCVBUF "$scratch/$who.err"
	like "$(cat "$scratch/$who.err")" \
		"^mchat: SO_RCVBUF: asked for 4096 bytes, granted [0-9]+" \
		"$who says what buffer he got"
	signal $who STOP
	prepared stopped $who
done

seq -f "line %.0f" 2000 | on 1 "$MCHAT" --raw -i lo -S
is $? 0 "alice cannot know: her exit status is 0"
sent=2000
signal bob CONT
signal carl CONT

succeeds "text: shown and lost are what was sent" wait_for 5 adds_up text
note "$(text_shown) shown, $(text_lost) lost of $sent"
succeeds "json: shown and lost are what was sent" wait_for 5 adds_up json
note "$(json_shown) shown, $(json_lost) lost of $sent"
succeeds "more was lost than shown" test "$(text_lost)" -gt "$(text_shown)"
like "$(cat "$scratch/bob.err")" \
	"^mchat: [0-9]+ messages lost: .*receive buffer.*--rcvbuf" \
	"text: the loss is told on stderr, with the remedy"
is "$(grep -c '"event":"lost"' "$scratch/carl.err")" 0 \
	"json: the loss is told on stdout only"
is "$(sed -n 's/.*] line //p' "$scratch/bob.out" | sort -n -c 2>&1)" "" \
	"what was shown is in order"

# Each loss is told once.
told=$(text_lost)
say carl "one more"
prepared shows bob "one more"
hang_up bob
finish bob
is $? 0 "bob's exit status"
is "$(text_lost)" "$told" "no loss is told twice"

# A member that is ended before it could read on has to tell as well.
start dora on 1 "$MCHAT" --raw -R -v -i lo -f bare --rcvbuf 4096
prepared has_members 1 lo 2
signal dora STOP
prepared stopped dora
seq 500 | on 1 "$MCHAT" --raw -S -i lo
signal dora CONT
stop dora
is "$(sed -n 's/.*received \([0-9]*\), lost \([0-9]*\)$/\1+\2/p' \
	"$scratch/dora.err" | awk -F+ '{ print $1 + $2 }')" 500 \
	"ended at once: received and lost are what was sent"

# One whose system gives far less than is asked for without --rcvbuf is told when
# that begins to matter.
start_open emma on 1 "$BUILD/tests/peers/denied" 1:8 -- \
	"$MCHAT" --raw -i lo -f bare
prepared has_members 1 lo 2
fails "a small buffer is no news while it is enough" \
	grep -q rmem_max "$scratch/emma.err"
signal emma STOP
prepared stopped emma
seq -f "line %.0f" 20000 | on 1 "$MCHAT" --raw -S -i lo
signal emma CONT
small="^mchat: the receive buffer was full: .* far below .* [0-9]+ of 4194304 \
bytes; .*net\.core\.rmem_max"
if wait_for 10 grep -qF "messages lost" "$scratch/emma.err"; then
	is "$(grep -Ec "$small" "$scratch/emma.err")" 1 \
		"when it is not it is told, once"
else
	skip "when it is not it is told" "the default buffer held 20,000 lines"
fi
hang_up emma
finish emma || note "emma: exit status $?"

# A member that sends at full speed hears itself; what it misses of that does
# not count.
is "$(seq 200000 | on 1 "$MCHAT" --raw -v -i lo 2>&1 | tail -n 1)" \
	"mchat: sent 200000, not sent 0, received 0, lost 0" \
	"one's own lines are no loss"

done_testing
