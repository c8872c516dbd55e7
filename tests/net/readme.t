#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The commands of README.md do as they are written there, one after the other, on
# a host of a virtual LAN on which three others listen.
#
#   reader (host 1)   listener1 (host 2)   listener2 (host 3)   listener3 (host 4)
#         |                  |                    |                    |
#   ------+------------------+------ br0 ---------+--------------------+----

. "${0%/*}/../lib.sh"
requires socat jq make
on_lan 4
cd "$top" || exit 1

# mchat is one that tells which process it is; make prints a line.
mkdir "$scratch/bin"
cat >"$scratch/bin/mchat" <<-END
	#!/bin/sh
	echo \$\$ >"$scratch/last.pid"
	exec "$MCHAT" "\$@"
END
printf '#!/bin/sh\necho all is built >&2\n' >"$scratch/bin/make"
chmod +x "$scratch/bin/mchat" "$scratch/bin/make"
with_bin=$scratch/bin:$PATH

# commands FIRST LAST: the commands of README.md from the line that begins so to
# the line that does, less their comments.
commands() {
	awk -v first="$1" -v last="$2" '
		index($0, first) == 1 { on = 1 }
		on { sub(/  +#.*/, ""); print }
		index($0, last) == 1 { on = 0 }' README.md
}

for listener in 1 2 3; do
	start "listener$listener" on $((listener + 1)) "$MCHAT" -R -v -n \
		"listener$listener"
	is_in "listener$listener"
done

# ---- for scripts ----

for begin in "make 2>&1" "mchat -m"; do
	text=$(commands "$begin" "$begin")
	like "$text" mchat "README.md: $begin"
	succeeds "$text" timeout 60 on 1 env PATH="$with_bin" sh -c "$text"
done
for line in "all is built" "backup done"; do
	succeeds "everyone has it: $line" wait_for 5 shows listener3 "$line"
done

# what_comes NAME FIRST LAST [MORE]: these commands, and more, in the background
# get a line of text, and show it when mchat has ended.
what_comes() {
	start "$1" on 1 env PATH="$with_bin" sh -c "$(commands "$2" "$3")
		${4-}"
	prepared has_members 1 eth0 1
	on 2 "$MCHAT" -n teller -w 4 -m "a  \\word" 2>/dev/null
	kill "$(cat "$scratch/last.pid")" 2>/dev/null
	finish "$1"
	succeeds "$2" shows "$1" "a  \\word"
}
# shellcheck disable=SC2016 # for that shell
what_comes text 'text=$(mchat' 'text=$(mchat' 'printf "%s\n" "$text"'
what_comes loop 'mchat -R -f bare | while' 'do printf'
what_comes json 'mchat -R -f json | jq' 'mchat -R -f json | jq'

# ---- for a class ----

# What only listens is ended; the rest ends by itself at the end of its input.
commands 'mchat --raw --explain' 'mchat lab all' >"$scratch/class"
like "$(wc -l <"$scratch/class")" '^ *1?[0-9]$' "README.md has commands for a class"
while read -r command; do
	case $command in
	*' -R '*)
		start only on 1 env PATH="$with_bin" sh -c "$command"
		prepared has_members 1 eth0 1
		kill "$(cat "$scratch/last.pid")"
		finish only
		is $? 0 "$command"
		;;
	*) succeeds "$command" timeout 120 on 1 env PATH="$with_bin" \
		sh -c "$command" </dev/null ;;
	esac
done <"$scratch/class"

# Those that open a terminal open none here: at the end of input they leave.
commands 'scripts/lan 3  ' "scripts/lan 3 'mchat" >"$scratch/lans"
while read -r command; do
	case $command in
	*--router) command -v smcrouted >/dev/null || continue ;;
	esac
	succeeds "$command" timeout 120 sh -c "$command" </dev/null
done <"$scratch/lans"
succeeds "each host hears another one" grep -q 'h[123]: hello' <<-END
	$(timeout 120 sh -c "$(tail -n 1 "$scratch/lans")" 2>&1 </dev/null)
END

# ---- foreign programs ----

for name in 1 2 3; do
	stop "listener$name"
done
# The group is routed as everywhere; socat asks for it by that.
socat=$(commands 'socat -' 'socat -')
start_open raw on 2 "$MCHAT" --raw
start_open foreign on 1 sh -c "$socat"
prepared has_members 1 eth0 1
prepared has_members 2 eth0 1
say raw "from mchat"
succeeds "socat hears a member with --raw" wait_for 5 shows foreign "from mchat"
say foreign "from socat"
succeeds "and is heard by it" wait_for 5 shows raw "from socat"
is "$(LC_ALL=C tr -d '\n\040-\176' <"$scratch/foreign.out" | wc -c)" 0 \
	"what it gets is text"

done_testing
