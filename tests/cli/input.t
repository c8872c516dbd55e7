#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What goes in on stdin, or by -m, comes out at another member: each line as one
# message, whole and in order; a line that is too long for a datagram as several.

. "${0%/*}/../lib.sh"

group=$own_address:5101
longest=65506

# sends OPTION...: from the caller's stdin, or what the options say.
sends() {
	timeout 20 "$MCHAT" --raw -i lo "$@" "$group" >"$scratch/sent.out" \
		2>"$scratch/sent.err"
}

# listen: bob hears from now on, until the line that heard sends.
listen() {
	start bob "$MCHAT" --raw -v -i lo -R -f bare "$group"
	wait_for 10 grep -q '^mchat: in ' "$scratch/bob.err" ||
		note "bob: $(cat "$scratch/bob.err")"
}

# heard: sends bob a last line; leaves in $scratch/heard all that he heard before
# it.
heard() {
	sends -m "the end" </dev/null
	wait_for 10 shows bob "the end" || note "bob did not hear the end"
	stop bob
	sed '$d' "$scratch/bob.out" >"$scratch/heard"
}

# delivers NAME: the contents of $scratch/in, sent by stdin, arrive as those of
# $scratch/expected, byte by byte.
delivers() {
	listen
	succeeds "$1: accepted" sends <"$scratch/in"
	is "$(cat "$scratch/sent.err")" "" "$1: nothing to warn of"
	heard
	succeeds "$1: arrives byte by byte" cmp "$scratch/heard" "$scratch/expected"
}

# bytes N CHARACTER: CHARACTER, over and over.
bytes() {
	head -c "$1" /dev/zero | tr '\0' "$2"
}

# sizes: of each line that bob has heard.
sizes() {
	LC_ALL=C awk '{ printf "%s%d", separator, length($0); separator = " " }' \
		"$scratch/heard"
}

cd "$scratch" || exit 1

printf 'one\ntwo\nthree' >in
printf 'one\ntwo\nthree\n' >expected
delivers "a last line without a newline"

printf '\n\nbetween\n\n' >in
cp in expected
delivers "empty lines"

printf '\n' >in
cp in expected
delivers "nothing but an empty line"

printf 'a\0b\n\0\nc\0\n' >in
cp in expected
delivers "NUL bytes"

printf 'dos\r\n\r\na\rb\nunix\n' >in
cp in expected
delivers "CR, also at the end of a line"

printf 'caf\303\251\n\377\376\n\033[31m\n' >in
cp in expected
delivers "bytes of any kind"

# The kernel keeps so many for a receiver that gets no processor just now.
seq 300 >in
cp in expected
delivers "300 lines, in order"

{
	bytes $longest x
	echo
} >in
cp in expected
delivers "a line that just fits a datagram"

bytes $longest x >in
delivers "such a line without a newline"

# ---- lines that are too long ----

warning="mchat: input: a line is longer than the 65506 bytes of a message: it \
goes out as several"

# splits_whole NAME: the contents of $scratch/in arrive in pieces, which together
# are the same, and one warning tells of it.
splits_whole() {
	listen
	succeeds "$1: accepted" sends <in
	is "$(cat sent.err)" "$warning" "$1: one warning"
	heard
	tr -d '\n' <in >in.joined
	tr -d '\n' <heard >heard.joined
	succeeds "$1: nothing lost" cmp in.joined heard.joined
}

# splits SIZES NAME: likewise, in pieces of these sizes.
splits() {
	splits_whole "$2"
	is "$(sizes)" "$1" "$2: sizes of the pieces"
}

{
	bytes $longest x
	echo y
} >in
splits "65506 1" "one byte too long"

bytes 65507 x >in
splits "65506 1" "one byte too long, no newline"

seq 50000 | tr -d '\n' | head -c 200000 >in
splits "65506 65506 65506 3482" "200,000 bytes"

{
	bytes 131012 x
	echo
} >in
splits "65506 65506" "two full datagrams"

# Three bytes each: 65506 bytes hold 21835 whole ones, and one byte more.
bytes 22000 x | sed 's/x/한/g' >in
splits "65505 495" "characters of three bytes"

{
	printf x
	bytes 20000 x | sed 's/x/😀/g'
} >in
splits "65505 14496" "characters of four bytes"

bytes 66000 x | tr x '\200' >in
splits "65506 494" "bytes that are no characters"

{
	bytes 65505 x
	printf '\ryz'
} >in
splits_whole "a CR where the line is cut"

{
	bytes 70000 x
	echo
	bytes 70000 y
	echo
} >in
listen
sends <in
is "$(cat sent.err)" "$warning
$warning" "a warning for each line that is too long"
heard
is "$(sizes)" "65506 4494 65506 4494" "two lines that are too long: sizes of the pieces"

# ---- messages of the command line ----

listen
succeeds "-m, four times: accepted" \
	sends -m one -m '' -m "two words" --message=three </dev/null
heard
is "$(cat heard)" "one

two words
three" "-m, four times: four messages, one of them empty"

listen
echo unread | sends -m given
heard
is "$(cat heard)" "given" "-m leaves stdin alone"

# An argument has 128 KiB at most on Linux.
bytes 100000 x >in
listen
succeeds "-m, too long: accepted" sends -m "$(cat in)" </dev/null
is "$(cat sent.err)" "mchat: --message: a line is longer than the 65506 bytes \
of a message: it goes out as several" "-m, too long: one warning"
heard
is "$(sizes)" "65506 34494" "-m, too long: sizes of the pieces"

listen
sends -m "$(bytes 21836 x | sed 's/x/한/g')" </dev/null
heard
is "$(sizes)" "65505 3" "-m is not cut inside a character"

# ---- the end of input ----

succeeds "no input at all ends at once" sends </dev/null
is "$(cat sent.out sent.err)" "" "no input at all: nothing is said"

listen
start_open ann "$MCHAT" --raw -i lo "$group"
say ann "now"
succeeds "a line leaves before the input ends" wait_for 10 shows bob now
printf 'half a line' >ann.in
hang_up ann
finish ann
is $? 0 "ann ends with her input"
heard
is "$(cat heard)" "now
half a line" "a half line leaves with the end of input"

done_testing
