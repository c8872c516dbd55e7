#!/bin/sh
# SPDX-License-Identifier: ISC
#
# mchat and socat understand each other, in both directions.
#
#   alice: mchat (host 1)     ears: socat (host 2)
#         |                        |
#   ------+--------- br0 ----------+------

. "${0%/*}/../lib.sh"
requires socat
on_lan 2

group=239.255.77.67:62428
# send FORMAT: what printf makes of it, in one datagram.
send() {
	# shellcheck disable=SC2059 # a format it is
	printf "$1" | on 2 socat -u STDIN \
		"UDP4-DATAGRAM:$group,ip-multicast-if=10.77.0.2"
}

start ears on 2 socat -u \
	UDP4-RECV:62428,reuseaddr,ip-add-membership=239.255.77.67:eth0 STDOUT
start_open alice on 1 "$MCHAT" --raw -f json
prepared has_members 2 eth0 1
prepared has_members 1 eth0 1

say alice "hello socat"
succeeds "socat hears mchat" wait_for 5 shows ears "hello socat"
send 'hello mchat\n'
succeeds "mchat hears socat" wait_for 5 shows alice '"text":"hello mchat"'
like "$(cat "$scratch/alice.out")" \
	'"event":"plain","address":"10.77.0.2".*"interface":"eth0"' \
	"mchat knows from where socat's line came"

# As each is one line, each is one event; what is no line end stays, and that
# goes for a CR, which may be the line's own.
send 'no line end'
send 'the NUL of a C string\0'
send 'newline and NUL\n\0'
send 'CR LF\r\n'
send 'CR LF NUL\r\n\0'
send '\n'
send 'a NUL\0inside\n'
send 'two\nlines\n'
send 'a CR\r'
send 'the end'
prepared shows alice "the end"
is "$(sed 's/.*"text"://; s/}$//' "$scratch/alice.out")" '"hello mchat"
"no line end"
"the NUL of a C string"
"newline and NUL"
"CR LF\r"
"CR LF NUL\r"
""
"a NUL\u0000inside"
"two\nlines"
"a CR\r"
"the end"' "LF and NUL at the end are no text; what else there is is kept"

done_testing
