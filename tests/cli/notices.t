#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What mchat says about itself on stderr: nothing when all is well, warnings
# unless -q, more with -v; and how large the buffers are that it asked for.

. "${0%/*}/../lib.sh"

address=$own_address
group=$address:5106

# said OPTION...: what a chat with these options says, without input.
said() {
	timeout 20 "$MCHAT" --raw -i lo "$@" "$group" 2>&1 </dev/null
}

is "$(said)" "" "a chat says nothing when stderr is no terminal"
is "$(said -m hello)" "" "-m says nothing when stderr is no terminal"

# ---- more ----

is "$(said -v -m hello)" "mchat: sending to $group on lo (127.0.0.1), TTL 1
mchat: sent 1, not sent 0, received 0, lost 0" "-v with -m says where to, and what was sent"
is "$(said --verbose -t 9 | sed 's/[0-9]* bytes, granted .*/N/')" \
	"mchat: in $group on lo (127.0.0.1), TTL 9
mchat: SO_RCVBUF: asked for N
mchat: sent 0, not sent 0, received 0, lost 0" "--verbose says where a chat is, its buffer, and what was sent"
like "$(said -v -i 127.0.0.1 -m hello)" ' on lo ' "-i takes an address"
like "$(said -v -i 1 -m hello)" ' on lo ' "-i takes an index"
is "$(said -v -i lo -i 1 -i 127.0.0.1 -m hello | grep -c ' on lo ')" 1 \
	"an interface that -i names three times is used once"
like "$(timeout 20 "$MCHAT" --raw -v -i lo "$address" 5106 2>&1 </dev/null)" \
	"^mchat: in $group on lo " "GROUP PORT is GROUP:PORT"
like "$(timeout 20 "$MCHAT" --raw -v -i lo -p 5106 "$address" 2>&1 </dev/null)" \
	"^mchat: in $group on lo " "-p PORT GROUP is GROUP:PORT"
like "$(timeout 20 "$MCHAT" --raw -v -i lo -t 0 -S 2>&1 </dev/null)" \
	"^mchat: sending to 239\.255\.77\.67:62428 on lo .*, TTL 0" \
	"without a group mchat takes the default group and port"

# ---- warnings ----

head -c 70000 /dev/zero | tr '\0' x >"$scratch/long"
warning=$(timeout 20 "$MCHAT" --raw -i lo "$group" 2>&1 <"$scratch/long")
like "$warning" '^mchat: input: a line is longer than ' "a line that is too long is told"
is "$(timeout 20 "$MCHAT" --raw -q -i lo "$group" 2>&1 <"$scratch/long")" "" \
	"-q: a line that is too long is not told"
is "$(timeout 20 "$MCHAT" --raw --quiet -i lo "$group" 2>&1 <"$scratch/long")" "" \
	"--quiet: a line that is too long is not told"

is "$(said -n ann)" "mchat: --nick: raw datagrams carry no name; others see \
your address" "--raw: that a nick is of no use is told"
is "$(said -q -n ann)" "" "-q: that a nick is of no use is not told"
succeeds "32 bytes of nick are accepted" \
	said -n 12345678901234567890123456789012
succeeds "a nick in Hangul is accepted" said -n "한글 이름"

like "$(said -q -i nosuch0)" '^mchat: --interface nosuch0: ' \
	"-q: errors are told all the same"

# ---- statistics ----

for mode in "" -S "-m hello" -q; do
	# shellcheck disable=SC2086 # a list of options
	like "$(said --stats $mode)" '^mchat: sent [01], ' "--stats $mode prints a line of text"
	# shellcheck disable=SC2086
	like "$(said --stats -f json $mode)" \
		'^{"event":"stats","sent":[01],.*}$' "--stats -f json $mode prints an event"
done

# ---- buffers ----

note="(Linux doubles what is asked)"
is "$(said --rcvbuf 30000)" \
	"mchat: SO_RCVBUF: asked for 30000 bytes, granted 30000, in all 60000 $note" \
	"--rcvbuf tells what was asked and granted"
is "$(said --sndbuf 30000)" \
	"mchat: SO_SNDBUF: asked for 30000 bytes, granted 30000, in all 60000 $note" \
	"--sndbuf tells what was asked and granted"
is "$(said --sndbuf 30000 --rcvbuf 20000 | sort)" \
	"mchat: SO_RCVBUF: asked for 20000 bytes, granted 20000, in all 40000 $note
mchat: SO_SNDBUF: asked for 30000 bytes, granted 30000, in all 60000 $note" "both buffers tell what was asked and granted"
like "$(said --rcvbuf 1073741823)" "^mchat: SO_RCVBUF: asked for 1073741823 \
bytes, granted [0-9]+, in all [0-9]+ .*asked\); the limit is the sysctl net\.core\." \
	"when less is granted than asked, the limit is named"
like "$(said --rcvbuf 1)" \
	'^mchat: SO_RCVBUF: asked for 1 bytes?, granted [0-9]{3,}, in all' \
	"that the kernel granted more than asked is told"
is "$(said -q --rcvbuf 30000 --sndbuf 30000)" "" "-q: neither buffer is told of"
is "$(said -m hello --rcvbuf 30000)" "" \
	"-m has no receive buffer to tell of"

done_testing
