# SPDX-License-Identifier: ISC
#
# Completion for fish.  A subcommand is a word of `commands`, a line that
# offers it and lines of its options.

set -l commands sockopt lab
set -l in_chat "not __fish_seen_subcommand_from $commands"
set -l in_sockopt '__fish_seen_subcommand_from sockopt'
set -l in_lab '__fish_seen_subcommand_from lab'
set -l interfaces 'all (command ls /sys/class/net 2>/dev/null)'

complete -c mchat -f
complete -c mchat -n __fish_is_first_token -a sockopt -d 'show and change socket options'
complete -c mchat -n __fish_is_first_token -a lab -d 'experiments with sockets'
complete -c mchat -n __fish_is_first_token -a 'help version' -d 'as the option'

complete -c mchat -n "$in_chat" -s p -l port -x -d 'UDP port'
complete -c mchat -n "$in_chat" -s r -l room -x -d 'a group by name'
complete -c mchat -n "$in_chat" -s i -l interface -x -a "$interfaces" -d 'interface to join and send on'
complete -c mchat -n "$in_chat" -s t -l ttl -x -d 'how far'
complete -c mchat -n "$in_chat" -s l -l loopback -x -a 'on off' -d 'other members on this host hear me'
complete -c mchat -n "$in_chat" -s n -l nick -x -d 'my name'
complete -c mchat -n "$in_chat" -s m -l message -x -d 'send a text and exit'
complete -c mchat -n "$in_chat" -s R -l receive-only -d 'do not read stdin'
complete -c mchat -n "$in_chat" -s S -l send-only -d 'print nothing'
complete -c mchat -n "$in_chat" -s w -l wait -x -d 'send when so many are here'
complete -c mchat -n "$in_chat" -s T -l timeout -x -d 'bound on waiting, in seconds'
complete -c mchat -n "$in_chat" -s c -l count -x -d 'exit after so many messages'
complete -c mchat -n "$in_chat" -s H -l history -x -d 'show the last messages of each author'
complete -c mchat -n "$in_chat" -s f -l format -x -a 'text bare json' -d 'what stdout gets'
complete -c mchat -n "$in_chat" -s o -l log -r -F -d 'append the transcript'
complete -c mchat -n "$in_chat" -l color -x -a 'auto always never' -d 'colour of text'
complete -c mchat -n "$in_chat" -l null -d 'with -f bare: NUL behind each message'
complete -c mchat -n "$in_chat" -l bell -d 'ring when somebody says my nick'
complete -c mchat -n "$in_chat" -l notify -d 'tell of that when I look elsewhere'
complete -c mchat -n "$in_chat" -l plain -d 'line by line, for screen readers'
complete -c mchat -n "$in_chat" -l raw -d 'textbook datagrams'
complete -c mchat -n "$in_chat" -s e -l explain -d 'narrate every socket call'
complete -c mchat -n "$in_chat" -l trace -d 'a line for each packet'
complete -c mchat -n "$in_chat" -l stats -d 'say at the end what came and went'
complete -c mchat -n "$in_chat" -l drop -x -d 'lose so many percent of what comes in'
complete -c mchat -n "$in_chat" -l duplicate -x -d 'take so many percent twice'
complete -c mchat -n "$in_chat" -l reorder -x -d 'have so many percent overtaken'
complete -c mchat -n "$in_chat" -l seed -x -d 'of these three'
complete -c mchat -n "$in_chat" -l rcvbuf -x -d 'receive buffer to ask for'
complete -c mchat -n "$in_chat" -l sndbuf -x -d 'send buffer to ask for'
complete -c mchat -n "$in_chat" -s q -l quiet -d 'errors only: no warnings, no joins'
complete -c mchat -n "$in_chat" -s v -l verbose -d 'say also what goes well'
complete -c mchat -n "$in_chat" -s h -l help -d 'show a summary'
complete -c mchat -n "$in_chat" -s V -l version -d 'show the version'

complete -c mchat -n "$in_sockopt" -l udp -d 'on a UDP socket'
complete -c mchat -n "$in_sockopt" -l tcp -d 'on a TCP socket'
complete -c mchat -n "$in_sockopt" -s 4 -d 'IPv4 sockets'
complete -c mchat -n "$in_sockopt" -s 6 -d 'IPv6 sockets'
complete -c mchat -n "$in_sockopt" -s f -l format -x -a 'text json' -d 'what stdout gets'
complete -c mchat -n "$in_sockopt" -s h -l help -d 'show a summary'
complete -c mchat -n "$in_sockopt" -a '(mchat sockopt 2>/dev/null | awk "NR > 1 { print \$2 }")' -d 'socket option'

complete -c mchat -n "$in_lab" -s f -l format -x -a 'text json' -d 'what stdout gets'
complete -c mchat -n "$in_lab" -s h -l help -d 'show a summary'
complete -c mchat -n "$in_lab" -a '(echo all; mchat lab 2>/dev/null | string replace -r " .*" "")' -d 'experiment'
