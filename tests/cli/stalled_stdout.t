#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Nobody reads standard output, and datagrams wait in the socket, 4 MiB of them:
# no more of them is taken than has room.  What is said of the rest at the end
# stands on a line of its own, also where stderr is the same pipe.

. "${0%/*}/../lib.sh"

group=239.255.75.$(($$ % 250 + 1)):5112

mkfifo "$scratch/pipe"
exec 5<>"$scratch/pipe"
# shellcheck disable=SC2016 # for the inner shell
start_open bob sh -c 'exec "$MCHAT" --raw -i lo "$1" >&5 2>&5 5>&-' - "$group"
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
# Some systems keep this to root: then it had a second more to get there.
is_writing() {
	grep -q '^1 0x2 ' "/proc/$pid/syscall"
}
wait_for 10 is_writing
timeout 10 cat <&5 >"$scratch/read" 5>&- &
reader=$!
is_told() {
	grep -q 'bytes of messages were not taken' "$scratch/read"
}
succeeds "it is told that not all was taken" wait_for 10 is_told
fails "on a line of its own" grep -q 'x.*mchat: stdout' "$scratch/read"
bytes=$(sed -n 's/^mchat: stdout: \([0-9]*\) bytes.*/\1/p' "$scratch/read")
succeeds "no more than 1 MiB and one datagram waited: $bytes bytes" \
	[ "${bytes:-9999999}" -le $((1024 * 1024 + 65536)) ]
finish bob
is $? 1 "which is no success"
kill "$reader"
exec 5>&-

done_testing
