#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Nothing that a chat prints, or shows of itself to others on the host, has its
# key in it: neither its bytes nor its digits nor the code that it comes from.
#
#   ann: -k FILE    bob: -k /dev/fd/4    (one host)

. "${0%/*}/../lib.sh"
requires setpriv python3 jq
on_lan 1

code=babid-famug-hidij-kirum
digits=7d8acccac1c1081d1b4d0d7d880958c89269b51ee5d185f4a7c0c53c3c45996c
# What seals, without a room, and what all keys come from.
sealing=$(python3 -B "$top/tests/peers/private_vectors.py" key "$digits" |
	cut -d ' ' -f 1)
key=$scratch/class.key
echo "mchat-code-1 $code" >"$key"
chmod 600 "$key"

# Without what root may do in the virtual LAN: as anybody is to his own processes.
powerless=$scratch/powerless
cat >"$powerless" <<'END'
#!/bin/sh
exec setpriv --bounding-set=-all --inh-caps=-all "$@"
END
chmod +x "$powerless"

# reveals FILE...: one of them has a secret, in any form.
reveals() {
	LC_ALL=C cat "$@" | tr -d '\0' | grep -aqi \
		-e "$digits" -e "$sealing" -e "$code" -e babid -e famug ||
		# Bytes are shown as digits, in one line.
		cat "$@" | od -An -v -tx1 | tr -d ' \n' |
			grep -q -e "$digits" -e "$sealing"
}

# ---- what is printed ----

start_open ann on 1 "$powerless" env MCHAT_KEY="$key" "$MCHAT" -i lo -n ann -v \
	--explain --trace --stats -o "$scratch/ann.log"
start_open bob on 1 "$powerless" "$MCHAT" -k /dev/fd/4 -i lo -n bob -f json \
	--explain --trace --stats 4<"$key"
prepared knows ann bob
say ann "hello bob"
say bob "hello ann"
succeeds "ann and bob chat" wait_for 10 shows bob "hello bob"
succeeds "in both directions" wait_for 10 shows ann "hello ann"
for member in ann bob; do
	pid=$(cat "$scratch/$member.pid")
	succeeds "$member is chatting" grep -aq mchat "/proc/$pid/cmdline"
	fails "$member: ps tells no secret" reveals "/proc/$pid/cmdline"
	fails "$member: nor does the environment" reveals "/proc/$pid/environ"
	is "$(find "/proc/$pid/fd" -lname "$key")" "" \
		"$member: nobody can read the key file by its descriptor"
done

# ---- what others of the same user can see of the memory ----

# secluded NAME COMMAND...: a command on the process of NAME is refused, while
# on one of a group without a key it is not.
secluded() {
	secluded=$1
	shift
	succeeds "$secluded of a chat without a key" on 1 "$powerless" "$@" \
		"$(cat "$scratch/open.pid")"
	fails "$secluded of a private one" on 1 "$powerless" "$@" \
		"$(cat "$scratch/ann.pid")"
}

start_open open on 1 "$powerless" "$MCHAT" -k none -i lo -n open -v
is_in open
# shellcheck disable=SC2016 # for the inner shell
if has_linux "prctl"; then
	secluded environ sh -c 'exec cat "/proc/$1/environ"' -
	secluded memory sh -c 'exec head -c 0 "/proc/$1/mem"' -
	if command -v gcore >/dev/null; then
		secluded gcore sh -c 'cd "$1" && gcore -o memory "$2" &&
			rm memory.*' - "$scratch"
	else
		skip "gcore" "gdb is missing"
	fi
fi
hang_up open
finish open

# ---- what is left of a crash ----

# crashed NAME [OPTION]...: how many cores it leaves.
crashed() {
	crashed=$1
	shift
	mkdir "$scratch/$crashed"
	# shellcheck disable=SC2016 # for the inner shell
	start_open "$crashed" on 1 sh -c '
		cd "$1" && ulimit -c unlimited || exit 99
		shift
		exec "$@"' - "$scratch/$crashed" "$MCHAT" "$@" -i lo -v
	is_in "$crashed"
	signal "$crashed" SEGV
	prepared ended "$crashed"
	finish "$crashed" 2>/dev/null
	find "$scratch/$crashed" -type f | wc -l
}

if [ "$(crashed open_crash)" = 1 ]; then
	is "$(crashed private_crash -k "$key")" 0 \
		"a crash leaves no core of a private chat"
else
	skip "no core of a private chat" "this system leaves none of any"
fi

# ---- the end ----

for member in ann bob; do
	hang_up $member
	finish $member
	is $? 0 "$member's exit status"
	succeeds "$member explains its key" grep -q 'key.*256\|key.*56' \
		"$scratch/$member.err"
done
fails "standard error tells no secret" reveals "$scratch"/*.err
fails "nor does standard output" reveals "$scratch"/*.out
fails "nor the log" reveals "$scratch/ann.log"
succeeds "which has what was said" grep -q "hello bob" "$scratch/ann.log"
succeeds "(and what looks for secrets finds the key file's)" reveals "$key"
"$MCHAT" key save "$scratch/other.key" <<-END >/dev/null
	$code
	END
succeeds "(and one's with digits)" reveals "$scratch/other.key"

for words in "show $key" "new $scratch/new.key"; do
	# shellcheck disable=SC2086 # words
	"$MCHAT" key $words >"$scratch/said" 2>&1
	fails "mchat key ${words%% *} tells none" reveals "$scratch/said"
done
fails "nor is a new key told" grep -q \
	"$(sed -n 's/^mchat-key-1 //p' "$scratch/new.key")" "$scratch/said"

done_testing
