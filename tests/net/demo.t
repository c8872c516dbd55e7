#!/bin/sh
# SPDX-License-Identifier: ISC
#
# scripts/lan demo, as a class sees it: in the terminal of another tmux, whose
# screen can be looked at and whose keys can be pressed.

. "${0%/*}/../lib.sh"
requires smcrouted
reason=$("$top/scripts/lan" --control 1 true 2>&1) || skip_all "$reason"

. "$top/tests/screen.sh"

# open_demo OPTION...
open_demo() {
	open_screen "'$top/scripts/lan' demo $* 2>'$scratch/demo.err'"
}

# All three are at their prompts.
has_prompts() {
	sees 'lee>' && sees 'kim>' && sees 'max>'
}

is_shown_twice() {
	[ "$(screen capture-pane -p | grep -o "$1" | wc -l)" -eq 2 ]
}

# is_beyond COLUMN: the cursor is to the right of it.
is_beyond() {
	[ "$(screen display-message -p '#{cursor_x}')" -gt "$1" ]
}

# The pids of the script, of the LAN and of all in it.
inhabitants() {
	for parent; do
		echo "$parent"
		# shellcheck disable=SC2046 # a list
		inhabitants $(ps -o pid= --ppid "$parent")
	done
}
is_gone() {
	[ -z "$(ps -o pid= -p "$everybody")" ]
}

# What the programs in the LAN would leave, were its files not its own.
leftovers() {
	find /tmp /run /proc/fs -maxdepth 1 -newer "$scratch/began" \
		-name 'smcroute*'
	grep ' tmpfs lan ' /proc/self/mountinfo
}

# has_panes COUNT: so many members are there.
has_panes() {
	[ "$(screen capture-pane -p | grep -o 'host [0-9]: [lkm]' |
		wc -l)" -eq "$1" ]
}

: >"$scratch/began"
open_demo --router
succeeds "three members are at their prompts" \
	wait_for 20 has_prompts
succeeds "each pane is titled with its host and member" \
	sees 'host 1: lee .*host 2: kim .*host 3: max, traced '
# What a class has at least.
screen resize-window -x 80 -y 24
succeeds "a window of 80 columns cuts no title" wait_for 10 \
	sees 'host 1: lee .*host 2: kim .*host 3: max, traced '
screen resize-window -x 240 -y 60
for name in lee kim max; do
	succeeds "$name joins" wait_for 10 \
		sees "$name joined|here: .*$name.*; you are"
done

press "hello, class" Enter
succeeds "the other two show what lee says" \
	wait_for 10 is_shown_twice 'lee: hello, class'
succeeds "the trace below shows lee's packet" \
	wait_for 10 sees '<- DATA 1 +lee .* new: 1 message'
press /who Enter
succeeds "/who says that max is behind the router" \
	wait_for 10 sees 'max: 1 router away'
press C-b Right
succeeds "Ctrl-B and an arrow go to the next pane" wait_for 10 is_beyond 80
press "from kim" Enter
succeeds "what is typed in that pane is said by kim" wait_for 10 sees 'kim: from kim'

everybody=$(inhabitants "$(screen display-message -p '#{pane_pid}')" |
	paste -s -d ,)
like "$everybody" '^([0-9]+,){9,}' "the LAN's processes run"
screen kill-session
succeeds "when the window closes, no process is left" wait_for 10 is_gone
is "$(leftovers)" "" "when the window closes, no file and no mount is left"

# ---- everybody leaves ----

prepared screen_is_closed
open_demo
succeeds "without a router three members are at their prompts" wait_for 20 has_prompts
everybody=$(inhabitants "$(screen display-message -p '#{pane_pid}')" |
	paste -s -d ,)
press C-b Left
prepared is_beyond 160
press /quit Enter
succeeds "when the traced member quits, its trace closes, too" wait_for 10 has_panes 2
press /quit Enter
prepared has_panes 1
press /quit Enter
succeeds "when the last member quits, the demo is over" wait_for 10 is_gone
is "$(cat "$scratch/demo.err")" "" "the demo prints no error"

# ---- what it needs ----

mkdir "$scratch/bin"
for tool in sh dirname ip unshare nsenter mount setpriv; do
	ln -s "$(command -v "$tool")" "$scratch/bin"
done
printed=$(PATH=$scratch/bin "$top/scripts/lan" demo 2>&1)
is $? 77 "without tmux there is no demo"
is "$printed" "scripts/lan: tmux is missing: install tmux" "the demo says that tmux is missing"

done_testing
