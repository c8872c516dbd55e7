#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Whoever hears a private group and copies its datagrams to other sockets of its
# members, or in the name of a peer, has no effect: each line is shown, and no
# peer is taken for the member itself.

. "${0%/*}/../lib.sh"
requires tcpdump
on_lan 3

key=$scratch/group.key
"$MCHAT" key new "$key" >/dev/null || exit 1

# ---- to the socket of the port ----

start_open bob on 2 "$MCHAT" -k "$key" -v -f bare -n bob
prepared grep -q ' in 239' "$scratch/bob.err"
# Ann's datagrams come to bob by the group only when they have come by unicast.
on 2 nft -f - <<-END || skip_all "nft is needed"
	table inet late {
		chain in {
			type filter hook input priority 0
			ip daddr 224.0.0.0/4 ip saddr 10.77.0.1 drop
		}
	}
END
start record on 3 tcpdump -i eth0 -n -U -w "$scratch/seen.pcap" \
	'udp and src 10.77.0.1 and ip multicast'
prepared grep -q 'listening on' "$scratch/record.err"
start_open ann on 1 "$MCHAT" -k "$key" -f bare -n ann
say ann "by whatever way"
recorded() {
	[ "$(on 3 tcpdump -r "$scratch/seen.pcap" -n 2>/dev/null | wc -l)" -ge 3 ]
}
prepared recorded
stop record 2>/dev/null
# copied: each datagram that was recorded, to bob's port.
on 3 python3 - "$scratch/seen.pcap" 10.77.0.2 <<-'END'
	import socket, struct, sys
	data = open(sys.argv[1], "rb").read()
	at = 24
	out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	while at + 16 <= len(data):
	    size = struct.unpack_from("<I", data, at + 8)[0]
	    frame = data[at + 16:at + 16 + size]
	    at += 16 + size
	    payload = frame[14 + (frame[14] & 15) * 4 + 8:]
	    out.sendto(payload, (sys.argv[2], 62428))
END
succeeds "what is copied to a member's port counts as if it had come by the group" \
	wait_for 10 shows bob "by whatever way"
on 2 nft delete table inet late
for name in ann bob; do
	hang_up $name
	stop $name
done

# ---- in the name of a peer ----

start_open kim on 2 "$MCHAT" -k "$key" -v -f bare -n kim --peer 10.77.0.3
prepared grep -q ' in 239' "$scratch/kim.err"
start_open lee on 1 "$MCHAT" -k "$key" -v -f bare -n lee
prepared knows kim lee
start record on 3 tcpdump -i eth0 -n -U -w "$scratch/kim.pcap" \
	'udp and src 10.77.0.2 and ip multicast'
prepared grep -q 'listening on' "$scratch/record.err"
say kim "something"
prepared shows lee "something"
heard_kim() {
	[ "$(on 3 tcpdump -r "$scratch/kim.pcap" -n 2>/dev/null | wc -l)" -ge 1 ]
}
prepared heard_kim
stop record 2>/dev/null
# Its own header with another guard and the first number, then noise; and its own
# datagrams as they were.
on 3 python3 - "$scratch/kim.pcap" 10.77.0.2 <<-'END'
	import os, socket, struct, sys
	data = open(sys.argv[1], "rb").read()
	size = struct.unpack_from("<I", data, 24 + 8)[0]
	frame = data[40:40 + size]
	payload = frame[14 + (frame[14] & 15) * 4 + 8:]
	out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	out.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
	out.bind(("10.77.0.3", 62428))
	forged = payload[:16] + os.urandom(3) + bytes([0, 0, 0, 0, 1]) + os.urandom(48)
	for _ in range(5):
	    out.sendto(forged, (sys.argv[2], 62428))
	    out.sendto(payload, (sys.argv[2], 62428))
END
say kim "something else"
prepared shows lee "something else"
fails "a datagram of one's own from a peer's address does not end the exchange" \
	grep -q 'that is this member itself' "$scratch/kim.err"
for name in kim lee; do
	hang_up $name
	stop $name
done

start_open self on 2 "$MCHAT" -k "$key" -v -f bare -n self --peer 10.77.0.2
succeeds "but who names itself is told so" \
	wait_for 10 grep -q 'that is this member itself' "$scratch/self.err"
hang_up self
stop self

done_testing
