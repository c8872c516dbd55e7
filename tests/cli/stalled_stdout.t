#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Nobody reads standard output, and datagrams wait in the socket, 4 MiB of them:
# no more of them is taken than has room, and the rest is told of.

. "${0%/*}/../lib.sh"

group=239.255.75.$(($$ % 250 + 1)):5112

mkfifo "$scratch/pipe"
exec 5<>"$scratch/pipe"
# shellcheck disable=SC2016 # for the inner shell
start_open bob sh -c 'exec "$MCHAT" --raw -i lo "$1" >&5 5>&-' - "$group"
pid=$(cat "$scratch/bob.pid")
is_joined() {
	grep -q "$(printf '%02X4BFFEF' $(($$ % 250 + 1)))" /proc/net/igmp
}
prepared is_joined

# It is there to receive them all at once.
signal bob STOP
prepared grep -q '^State:.T' "/proc/$pid/status"
long=$(head -c 60000 /dev/zero | tr '\0' x)
for _ in $(seq 60); do
	echo "$long"
done | "$MCHAT" --raw -S -i lo "$group"
signal bob CONT
signal bob TERM
finish bob
is $? 1 "bob fails, since nobody reads what came"
bytes=$(sed -n 's/^mchat: stdout: \([0-9]*\) bytes of messages were not taken.*/\1/p' \
	"$scratch/bob.err")
succeeds "no more than 1 MiB and one datagram waited: $bytes bytes" \
	[ "${bytes:-9999999}" -le $((1024 * 1024 + 65536)) ]
exec 5>&-

done_testing
