#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Two members in tmux, a terminal that is not ours: what its windows show.

. "${0%/*}/../lib.sh"
requires tmux
LC_ALL=C.UTF-8
export LC_ALL
unset MCHAT_HISTORY

group=$own_address:5202

# shellcheck disable=SC2154 # lib.sh makes it
tmux() {
	command tmux -S "$scratch/tmux" -f /dev/null "$@"
}

trap 'tmux kill-server 2>/dev/null; clean_up' EXIT

chat() {
	echo "exec '$MCHAT' -i lo -n $1 $group"
}

# window NAME: what it shows, and what has left it above, without the times of
# day.
window() {
	tmux capture-pane -p -S - -t "$1" | sed 's/[0-2][0-9]:[0-5][0-9] //; /^ *$/d'
}

# last_lines NAME TEXT: as many of its last lines as TEXT has.
last_lines() {
	window "$1" | tail -n "$(printf '%s\n' "$2" | wc -l)"
}

ends() {
	[ "$(last_lines "$1" "$2")" = "$2" ]
}

# ends_with NAME TEXT CHECK: its last lines are these, soon.
ends_with() {
	wait_for 5 ends "$1" "$2"
	is "$(last_lines "$1" "$2")" "$2" "$3"
}

type_in() {
	window=$1
	shift
	tmux send-keys -t "$window" "$@"
}

tmux new-session -d -n lee -x 40 -y 12 "$(chat lee)" ||
	skip_all "tmux does not start here"
tmux set-option -g remain-on-exit on
tmux new-window -n kim "$(chat kim)"
ends_with lee '— kim joined —
lee>' "a joined member is told above the line"

type_in lee 'half'
ends_with lee 'lee> half' "what is typed is shown"
type_in kim '안녕하세요' Enter
ends_with lee 'kim: 안녕하세요
lee> half' "a message comes above the line being typed"
type_in lee ' a line' Enter
ends_with kim 'lee: half a line
kim>' "a line that a message interrupted arrives whole"

type_in lee 'a line that is wider than the window has columns'
tmux resize-window -t lee -x 100 -y 12
ends_with lee 'lee> a line that is wider than the window has columns' \
	"a wider window shows more of the line"
# What does not fit into a narrower window, tmux puts into the next row.
is_drawn_anew() {
	window lee | tail -n 1 | grep -q '^lee> <'
}
for columns in 53 50 30; do
	tmux resize-window -t lee -x $columns -y 12
	prepared is_drawn_anew
	tmux resize-window -t lee -x 100 -y 12
	ends_with lee 'lee> half a line
lee> a line that is wider than the window has columns' \
		"a window of $columns columns, then 100, leaves no scrap of the line"
done
type_in lee C-u

tmux set-buffer "one
two"
tmux paste-buffer -p -t lee
ends_with lee 'send 2 lines? (y/n)' "a paste is asked about"
type_in lee y
ends_with kim 'lee: one
lee: two
kim>' "a paste is sent after y"

type_in kim C-d
ends_with lee '— kim left —
lee>' "a member that leaves is told"
done_testing
