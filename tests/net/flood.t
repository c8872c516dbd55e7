#!/bin/sh
# SPDX-License-Identifier: ISC
#
# 20,000 datagrams of random bytes and any size, 0 and 65,507 among them, harm
# no member, whatever its format; a line that comes afterwards is shown.
# SEED=N repeats a run.
#
#   noise: perl ---- lo ---- text, bare, json: mchat

. "${0%/*}/../lib.sh"
requires perl
on_lan 1

SEED=${SEED:-$(date +%s)}
note "SEED=$SEED"
export SEED

noise() {
	# shellcheck disable=SC2016 # for perl
	on 1 perl -e '
		use strict;
		use Socket qw(:DEFAULT IPPROTO_IP IP_MULTICAST_IF);
		srand($ENV{SEED});
		socket(my $out, AF_INET, SOCK_DGRAM, 0) or die $!;
		my $to = pack_sockaddr_in(62428, inet_aton("239.255.77.67"));
		setsockopt($out, IPPROTO_IP, IP_MULTICAST_IF,
			inet_aton("127.0.0.1")) or die $!;
		my $bytes = pack("C*", map { int(rand(256)) } 1 .. 200000);
		# Most are small, so that the three keep up with most.
		my @sizes = (0, 1, 65506, 65507,
			map { int(65508 * rand() ** 32) } 1 .. 19996);
		for my $size (@sizes) {
			my $at = int(rand(length($bytes) - $size));
			defined(send($out, substr($bytes, $at, $size), 0, $to))
				or die "$size bytes: $!";
		}
		print scalar(@sizes), "\n"'
}

for format in text bare json; do
	start_open $format on 1 "$MCHAT" --raw -i lo -f $format
done
prepared has_members 1 lo 3
is "$(noise)" 20000 "the noise was made"

# A line may be lost where the noise filled a buffer: then another follows.
tell() {
	for try in 1 2 3 4 5 6 7 8 9 10; do
		on 1 "$MCHAT" --raw -i lo -m "are you there? $try"
		within 1 shows "$1" "are you there? $try" && return
	done
}
for format in text bare json; do
	succeeds "$format: a line afterwards is shown" tell $format
done

for format in text bare json; do
	hang_up $format
	finish $format
	is $? 0 "$format: exit status"
done

like "$(head -n 1 "$scratch/json.out")" '"text":""}$' \
	"an empty datagram is an empty line"

# In text and JSON no byte of the noise reaches the terminal as it is: what is
# not printable was written out, but for tabs.
for format in text json; do
	is "$(LC_ALL=C tr -d '\t\n\040-\176\200-\377' <"$scratch/$format.out" |
		wc -c)" 0 "$format: no control character came through"
	succeeds "$format: it is UTF-8" \
		iconv -f UTF-8 -t UTF-8 -o /dev/null "$scratch/$format.out"
done
is "$(grep -c '"event":"plain"' "$scratch/json.out")" \
	"$(grep -vc '"event":"lost"' "$scratch/json.out")" \
	"json: each line is an event of a datagram or a loss"

done_testing
