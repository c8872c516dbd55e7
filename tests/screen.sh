# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2154 # what lib.sh has
#
# A terminal for shell tests: the only window of a tmux of one's own, whose
# screen can be looked at and whose keys can be pressed.  Sourced after lib.sh,
# inside the LAN.

requires tmux

# screen COMMAND...: one of tmux; its socket is out of everybody's way.
screen() {
	tmux -S "$scratch/screen" -f /dev/null "$@"
}

# tmux's server is nobody's child: it ends with its window.
close_screen() {
	screen kill-server 2>/dev/null
	clean_up
}
trap close_screen EXIT

# open_screen COMMAND: a shell command there; wide enough for lines of the trace.
open_screen() {
	screen new-session -d -x 240 -y 60 "exec $1"
}

screen_is_closed() {
	! screen list-sessions 2>/dev/null
}

# sees REGEX: a line of the screen matches.
sees() {
	screen capture-pane -p | grep -Eq -- "$1"
}

# press KEY...: text, or keys such as Enter.
press() {
	screen send-keys "$@"
}
