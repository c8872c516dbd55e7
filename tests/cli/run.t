#!/bin/sh
# SPDX-License-Identifier: ISC
#
# tests/run, and what scripts/test makes of it: of a program that fails what
# failed is shown; one that takes too long is told how it gets more time; and
# progress comes when it is made, whatever awk there is.

. "${0%/*}/../lib.sh"

# program NAME: a TAP program, from stdin.
program() {
	mkdir -p "$scratch/tests"
	{
		echo '#!/bin/sh'
		cat
	} >"$scratch/tests/$1"
	chmod +x "$scratch/tests/$1"
}

# run NAME...: what the runner says of programs, less how long they took.
run() {
	(cd "$scratch" && env -u TEST_TALLY -u STRICT -u TEST_UNDER -u JOBS \
		"$top/tests/run" "$@" | sed 's/ *[0-9.]* s / N s /; s/ *[0-9.]* s$//')
}

program good <<'END'
echo "ok 1 - it is"
echo "# and how"
echo "1..1"
END
program bad <<'END'
echo "# SEED=1"
echo "ok 1 - fine"
echo "not ok 2 - wrong"
echo "# got: this"
echo "ok 3 - fine, too"
echo "1..3"
echo "somebody complained" >&2
exit 1
END
program slow <<'END'
echo "ok 1 - so far"
exec sleep 60
END

is "$(run tests/good)" "good                                 1 checks
1 passed, 0 failed" "a program that succeeds is a line"
is "$(run tests/good tests/bad)" "good                                 1 checks
bad                                  3 checks N s  FAILED
    # SEED=1
    not ok 2 - wrong
    # got: this
    somebody complained
3 passed, 1 failed" "of one that fails what failed is shown, and why"
is "$(TEST_TIMEOUT=1 run tests/slow)" \
	"slow                                 1 checks N s  FAILED
  slow: stopped after 1 seconds; TEST_TIMEOUT=2 gives it more
  slow: no plan
    behind: ok 1 - so far
1 passed, 1 failed" "one that takes too long is told what gives it more"
program patient <<'END'
[ "$TEST_TIMEOUT" -ge 600 ] && echo "ok 1 - $TEST_TIMEOUT" && echo "1..1"
END
like "$(TEST_TIMEOUT='' run tests/patient)" '^1 passed, 0 failed$' \
	"it is ten minutes at least, more on a slow machine"

# ---- scripts/test ----

# In a tree of which make is ours: it tells a line, and the next when that was
# seen.
mkdir -p "$scratch/tree/scripts" "$scratch/bin"
cp "$top/scripts/test" "$scratch/tree/scripts"
mkfifo "$scratch/seen"
cat >"$scratch/bin/make" <<END
#!/bin/sh
case \$* in
*check)
	echo "first 1 checks"
	read -r word <"$scratch/seen"
	echo "second 2 checks \$word"
	echo "2 passed, 1 failed"
	echo "make: *** [Makefile:1: check] Error 1"
	exit 2
	;;
esac
END
chmod +x "$scratch/bin/make"
start suite env PATH="$scratch/bin:$PATH" "$scratch/tree/scripts/test" \
	--no-install </dev/null
succeeds "a program's line is shown while the next one runs" \
	wait_for 10 shows suite "first 1 checks"
like "$(cat "$scratch/suite.out")" 'about .* minutes' \
	"how long it takes is told at the start"
succeeds "it waits" [ -p "$scratch/seen" ]
echo seen 1<>"$scratch/seen"
finish suite
is "$? $(tail -n 1 "$scratch/suite.out")" "2 2 passed, 1 failed" \
	"the count comes last, and the exit status is make's"
succeeds "what make said of it comes before" shows suite "Error 1"

done_testing
