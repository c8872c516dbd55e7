#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What others say does not steer an xterm, in a locale of UTF-8 or in none: there
# the second byte of some letters is a control (CSI, OSC), which could clear the
# screen or set the title.

. "${0%/*}/../lib.sh"
requires Xvfb xterm xprop
unset MCHAT_HISTORY

group=$own_address:5218

# The X server takes its lock and socket away when it is asked to end.
close_x() {
	for record in "$scratch"/window-*.pid "$scratch/x.pid"; do
		[ ! -e "$record" ] || stop "$(basename "$record" .pid)"
	done
	clean_up
}
trap close_x EXIT

# A server of our own, on the first display that is free, which it tells.
start x sh -c "exec Xvfb -displayfd 5 -screen 0 800x600x8 -noreset \
	5>'$scratch/display'"
wait_for 10 grep -q . "$scratch/display" 2>"$scratch/waiting" ||
	skip_all "Xvfb does not start here: $(tail -n 1 "$scratch/x.err")"
DISPLAY=:$(cat "$scratch/display")
export DISPLAY

# What the window runs: a command, and then it prints its screen, behind all
# that came before, and stays.
cat >"$scratch/inside" <<'END'
#!/bin/sh
echo "$WINDOWID" >"$1.id"
shift
"$@"
printf '\033[i'
exec sleep infinity
END
cat >"$scratch/printer" <<'END'
#!/bin/sh
cat >"$1.part" && mv "$1.part" "$1.screen"
END
chmod +x "$scratch/inside" "$scratch/printer"

# open_window NAME LOCALE COMMAND...: an xterm that runs a command; its screen is
# in NAME.screen afterwards.
open_window() {
	name=$1
	locale=$2
	shift 2
	start "window-$name" env LC_ALL="$locale" xterm -geometry 80x24 \
		-title unharmed \
		-xrm "XTerm*printerCommand: $scratch/printer $scratch/$name" \
		-xrm 'XTerm*printerAutoClose: true' \
		-xrm 'XTerm*printAttributes: 0' \
		-e "$scratch/inside" "$scratch/$name" "$@"
}

# The title of a window, whose every output has been read.
title() {
	xprop -id "$(cat "$scratch/$1.id")" -notype WM_NAME
}

is_printed() {
	[ -e "$scratch/$1.screen" ]
}

# rows NAME REGEX: how many rows of its screen match.
rows() {
	LC_ALL=C grep -aEc -- "$2" "$scratch/$1.screen"
}

# ---- the attack works where nothing is done about it ----

clears=$(printf 'before \304\2332J after')       # e with caron: CSI in Latin-1
titles=$(printf '\304\2352;harmed\304\234 after') # g with circumflex: OSC
open_window bare C printf '%s\r\n' first "$clears" "$titles"
if ! wait_for 10 is_printed bare; then
	note "$(cat "$scratch/window-bare.err")"
	skip_all "xterm does not print its screen here"
fi
like "$(title bare)" '= "harmed' \
	"unprotected, an xterm without UTF-8 has its title set"
is "$(rows bare first)" 0 "unprotected, its screen is cleared"

# ---- a chat ----

# chat NAME LOCALE: what lee's window shows of kim's words.
chat() {
	open_window "$1" "$2" "$MCHAT" -i lo -n lee -c 4 -T 60 \
		-o "$scratch/$1.log" "$group"
	"$MCHAT" -q -i lo -n "$(printf 'k\304\2332Jim')" -w 1 -m first \
		-m "$clears" -m "$titles" -m last "$group" ||
		note "$1: not sent"
	wait_for 10 is_printed "$1" ||
		note "$1: $(cat "$scratch/$1.log" "$scratch/window-$1.err")"
	is "$(title "$1")" 'WM_NAME = "unharmed"' "$1: the title stays"
	is "$(rows "$1" ': first *$')" 1 "$1: what was on the screen stays"
	is "$(rows "$1" '2J after *$')" 1 \
		"$1: what would clear the screen is text on it"
	is "$(rows "$1" '2;harmed.* after *$')" 1 \
		"$1: what would set the title, too"
	is "$(rows "$1" ': last *$')" 1 "$1: what follows is where it belongs"
}

chat c C
chat utf8 C.UTF-8

done_testing
