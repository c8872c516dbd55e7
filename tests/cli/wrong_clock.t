#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A member whose clock shows 2001: what it says now is dated by our clock, which
# is told once; what it said before we joined has its date, and JSON has both.

. "${0%/*}/../lib.sh"

group=$own_address:5114
export TZ=UTC0

# A clock that is wrong: ours less so many seconds as SLOW says.
cat >"$scratch/slow.c" <<'END'
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *out)
{
	int status = (int)syscall(SYS_clock_gettime, clock, out);

	if (status == 0 && clock == CLOCK_REALTIME)
		out->tv_sec -= atol(getenv("SLOW"));
	return status;
}
END
$CC -shared -fPIC -o "$scratch/slow.so" "$scratch/slow.c" 2>"$scratch/why" ||
	skip_all "no clock of our own: $(head -n 1 "$scratch/why")"
SLOW=$(($(date +%s) - $(date -d 2001-02-03 +%s)))
export SLOW

# slow OPTION...: kim, whose clock is wrong.
cat >"$scratch/slow" <<END
#!/bin/sh
ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD=$scratch/slow.so exec "$MCHAT" -i lo -n kim "\$@" $group
END
chmod +x "$scratch/slow"
"$scratch/slow" -o "$scratch/own" -m x 2>/dev/null
grep -q '^2001-' "$scratch/own" || skip_all "$MCHAT keeps to its own clock"

start json "$MCHAT" -i lo -v -n json -R -f json -c 2 "$group"
start log "$MCHAT" -i lo -v -n log -R -f bare -c 2 -o "$scratch/log" "$group"
start quiet "$MCHAT" -i lo -v -n quiet -R -c 2 "$group"
for name in json log quiet; do
	is_in $name
done
"$scratch/slow" -q -w 3 -m one -m two
for name in json log quiet; do
	finish $name
done
today=$(date +%Y)
like "$(cat "$scratch/json.out")" \
	"\"time\":\"2001-02-.*\"received\":\"$today-.*\"text\":\"one\"" \
	"json has the author's time and ours"
is "$(cat "$scratch/log.out")" "one
two" "bare is bare"
is "$(grep -c "^$today-.* kim: \(one\|two\)$" "$scratch/log")" 2 \
	"the transcript has our dates"
is "$(grep "clock" "$scratch/log.err" | sed 's/[0-9][0-9]* years/N years/')" \
	"mchat: kim's clock is N years behind ours: what is said there is dated `
	`by ours" "which is told once"
is "$(grep -c clock "$scratch/quiet.err" "$scratch/json.err")" \
	"$scratch/quiet.err:0
$scratch/json.err:0" "but not where no time is shown"

# What was said before we joined.
start ears "$MCHAT" -i lo -n ears -R -f bare --trace "$group"
start_open kim "$scratch/slow" -S -q
prepared grep -q '<- STATE  *kim .* TTL  *1  [^h]' "$scratch/ears.err"
say kim "long ago"
prepared shows ears "long ago"
# On a busy machine what was said just before may count as said after the start.
states() {
	grep -c '<- STATE  *kim ' "$scratch/ears.err"
}
before=$(states)
has_told_twice() {
	[ "$(states)" -ge $((before + 2)) ]
}
prepared has_told_twice
is "$("$MCHAT" -i lo -n late -R -H 5 -c 1 -o "$scratch/late" -f bare "$group" \
	2>&1 | grep -v joined)" "long ago" "history tells nothing of a clock"
like "$(cat "$scratch/late")" '^2001-.* ~kim: long ago$' "and has its own date"
done_testing
