# shellcheck shell=bash
# SPDX-License-Identifier: ISC
#
# Completion for bash.  A subcommand is a word of `commands`, a line of its
# options in _mchat and, where its arguments have names, one in _mchat_names.

# _mchat_names COMMAND: the names that a subcommand takes.
_mchat_names()
{
	case $1 in
	key) echo new code save show ;;
	sockopt) mchat sockopt | awk 'NR > 1 { print $2 "\n" $2 "=" }' ;;
	lab) echo all && mchat lab | sed 's/ .*//' ;;
	esac 2>/dev/null
}

# _mchat_values COMMAND OPTION: what may stand behind an option; 1 when it
# takes nothing.
_mchat_values()
{
	case $1:$2 in
	chat:-i | chat:--interface | doctor:-i | doctor:--interface) echo all && ls /sys/class/net ;;
	chat:-l | chat:--loopback) echo on off ;;
	chat:--peer) echo any && compgen -A hostname ;;
	chat:-f | chat:--format) echo text bare json ;;
	*:-f | *:--format) echo text json ;;
	chat:--color) echo auto always never ;;
	chat:--notify=) echo bell osc ;;
	chat:-o | chat:--log) ;;
	chat:-k | chat:--key | doctor:-k | doctor:--key) echo ask none ;;
	chat:-[prstnmwTcH] | chat:--source | chat:--port | chat:--room | chat:--ttl) ;;
	chat:--nick | chat:--message | chat:--wait | chat:--timeout) ;;
	chat:--count | chat:--history | chat:--drop | chat:--duplicate) ;;
	doctor:-[prsT] | doctor:--port | doctor:--room | doctor:--source) ;;
	doctor:--timeout) ;;
	chat:--reorder | chat:--seed | chat:--rcvbuf | chat:--sndbuf) ;;
	*) return 1 ;;
	esac 2>/dev/null
}

_mchat()
{
	local commands="doctor key sockopt lab" command=chat words
	local current=${COMP_WORDS[COMP_CWORD]}
	local previous=${COMP_WORDS[COMP_CWORD - 1]}

	[[ $COMP_CWORD -gt 1 && " $commands " == *" ${COMP_WORDS[1]} "* ]] &&
		command=${COMP_WORDS[1]}
	# To readline --format=json is three words.
	if [[ $current == = ]]; then
		current=
	elif [[ $previous == = ]]; then
		previous=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	# Its value may be left out, and stands behind = only.
	if [[ $previous == --notify && ${COMP_WORDS[*]} == *"--notify ="* ]]; then
		previous=--notify=
	fi
	if ! words=$(_mchat_values "$command" "$previous"); then
		case $command:$current in
		chat:-*) words="-p --port -r --room -k --key -i --interface --peer
			-4 --ipv4 -6 --ipv6 -s --source -t --ttl
			-l --loopback -n --nick -m --message -R --receive-only
			-S --send-only -w --wait -T --timeout -c --count
			-H --history -f --format --null -o --log --color --bell --notify
			--plain --raw -e --explain --trace --stats --drop --duplicate
			--reorder --seed --rcvbuf --sndbuf -q --quiet
			-v --verbose -h --help -V --version" ;;
		doctor:-*) words="-i --interface -p --port -r --room -k --key
			-s --source -4 -6 -T --timeout -f --format -v --verbose -h --help" ;;
		key:-*) words="-h --help" ;;
		sockopt:-*) words="--udp --tcp --chapter -4 -6 -f --format -h --help" ;;
		lab:-*) words="--code --step --quiz --packets -f --format -h --help" ;;
		chat:*)
			case $COMP_CWORD:${COMP_WORDS[1]} in
			1:*) words="$commands help version" ;;
			2:help) words=$commands ;;
			esac
			;;
		key:*) [[ $COMP_CWORD -gt 2 ]] || words=$(_mchat_names key) ;;
		*) words=$(_mchat_names "$command") ;;
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
	[[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace
	# Names of files are readline's own, where nothing else is offered.
	[[ $command:$previous == @(chat:@(-o|--log)|@(chat|doctor):@(-k|--key)|key:@(new|save|show)) ]] &&
		compopt -o default
	return 0
} 2>/dev/null

complete -F _mchat mchat
