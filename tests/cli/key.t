#!/bin/sh
# SPDX-License-Identifier: ISC
#
# mchat key: makes keys and codes, never overwrites, keeps secrets to itself, and
# tells what a key gives as another implementation does.

. "${0%/*}/../lib.sh"
cd "$scratch" || exit 1

example=babid-famug-hidij-kirum
digits=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
peer=$top/tests/peers/private_vectors.py

# said COMMAND...: all that it prints, then its exit status.
said() {
	"$@" 2>&1
	echo "status $?"
}

key() {
	said "$MCHAT" key "$@"
}

# ---- new ----

umask 022
like "$(key new class.key)" \
	'^fingerprint [0-9a-f]{4}-[0-9a-f]{4}, group 239\.255\.[0-9]+\.[0-9]+$' \
	"new says what the key gives"
is "$(stat -c %a class.key)" 600 "a key file is its owner's alone"
like "$(cat class.key)" '^mchat-key-1 [0-9a-f]{64}$' "it has a key"
is "$(sed -n 's/^# //p' class.key), port 62428
status 0" "$(key show class.key)" "and what that gives, which show says, too"
cp class.key before
is "$(key new class.key)" "mchat: class.key: File exists
status 1" "new never overwrites"
succeeds "and nothing changed" cmp -s class.key before
ln -s nowhere dangling
is "$(key new dangling)" "mchat: dangling: File exists
status 1" "nor does it follow a link"
fails "to a file that is not there" test -e nowhere
is "$(key new no/such/folder)" "mchat: no/such/folder: No such file or directory
status 1" "a folder must be there"
key new other.key >/dev/null
fails "two keys differ" cmp -s class.key other.key
if [ -c /dev/full ]; then
	is "$("$MCHAT" key new full.key 2>&1 >/dev/full; echo "status $?")" \
		"mchat: stdout: No space left on device
status 1" "what could not be said is an error"
fi
is "$(ulimit -f 0 && key new large.key)" "mchat: large.key: File too large
status 1" "a file that cannot be written is an error"
fails "and nothing is left of it" test -e large.key

# ---- code, save ----

code=$("$MCHAT" key code)
like "$code" '^([bdfghjklmnprstvz][aiou][bdfghjklmnprstvz][aiou][bdfghjklmnprstvz]-?){4}$' \
	"a code is four words"
fails "two codes differ" [ "$code" = "$("$MCHAT" key code)" ]
is "$(echo "$example" | key save spoken.key)" \
	"fingerprint e130-2103, group 239.255.62.147
status 0" "save takes a code from standard input"
is "$(cat spoken.key)" "# fingerprint e130-2103, group 239.255.62.147
# from a code: 56 bits
mchat-key-1 7d8acccac1c1081d1b4d0d7d880958c89269b51ee5d185f4a7c0c53c3c45996c" \
	"and writes the key that it stands for"
is "$(stat -c %a spoken.key)" 600 "for its owner alone"
is "$(printf 'BABID famug\302\240hidij/kirum' | key save "again.key")" \
	"fingerprint e130-2103, group 239.255.62.147
status 0" "however it is written"
is "$(echo "$example" | key save spoken.key)" "mchat: spoken.key: File exists
status 1" "save never overwrites"
is "$(echo hunter2 | key save mine.key)" \
	"mchat: that is no code of mchat; mchat key code makes one
status 1" "a passphrase is refused"
is "$(echo babid-famug-hidij-kiruz | key save mine.key)" \
	"mchat: a letter of that code is wrong
status 1" "a letter that was misheard is noticed"
is "$(printf '\n%s\n' $example | key save mine.key)" \
	"mchat: that is no code of mchat; mchat key code makes one
status 1" "only the first line counts"
is "$(key save mine.key </dev/null)" "mchat: no code: the input ended; \
it is asked for on a terminal, or is the first line of standard input
status 1" "without a code there is no key"
fails "nor a file" test -e mine.key

# ---- show ----

# file_with TEXT: what show says of a file with that text.
file_with() {
	printf '%b' "$1" >some.key
	chmod 600 some.key
	key show some.key
}
wrong() {
	is "$(file_with "$1")" "mchat: some.key: $2
status 2" "$3"
}

is "$(file_with "# a remark\n\nmchat-key-1 $digits\n")" \
	"fingerprint 02e8-a717, group 239.255.39.182, port 62428
status 0" "show says what a key gives"
is "$(file_with "mchat-code-1 $example\n")" \
	"fingerprint e130-2103, group 239.255.62.147, port 62428
status 0" "and a file with a code"
is "$(key show nosuch)" "mchat: nosuch: No such file or directory
status 1" "a file must be there"
is "$(key show .)" "mchat: .: Is a directory
status 1" "and be one"
wrong "" "has no key; mchat key new makes one" "an empty file has no key"
wrong "mchat-key-1 $digits\nmchat-key-1 $digits\n" "has more than one key" \
	"two keys are one too many"
wrong "mchat-key-2 $digits\n" "a key of a later version of mchat" \
	"a later version is told"
wrong "mchat-key-1 0123\n" \
	"not 64 hexadecimal digits after mchat-key-1" "digits are counted"
wrong "mchat-code-1 hunter2\n" \
	"that is no code of mchat; mchat key code makes one" \
	"a passphrase in a file is refused"
wrong "hunter2\n" "not a key file of mchat; mchat key new makes one" \
	"and so is any text"
{
	echo "mchat-key-1 $digits"
	head -c 4096 /dev/zero | tr '\0' '#'
} >some.key
is "$(key show some.key)" \
	"mchat: some.key: longer than a key file, which has 4 KiB at most
status 2" "a file has 4 KiB at most"
key show class.key | grep -q "$(sed -n 's/^mchat-key-1 //p' class.key)"
is $? 1 "nothing secret is shown"

# ---- who can read it ----

for mode in 604 606 602; do
	chmod $mode class.key
	like "$(key show class.key)" "^mchat: others on this host can read \
class.key; chmod o= class.key$" "mode $mode is warned of"
done
for mode in 600 640 660 601; do
	chmod $mode class.key
	is "$(key show class.key | grep -c '^mchat:')" 0 "mode $mode is not"
done
if [ "$(id -u)" = 0 ]; then
	chown 12345 class.key
	like "$(key show class.key)" "^mchat: class.key belongs to another user, \
who can replace the key$" "a file of somebody else's is warned of"
	chown 0 class.key
else
	skip "a file of somebody else's" "only root can give one away"
fi

# ---- descriptors ----

is "$(key show /dev/fd/3 3<class.key)" "$(key show class.key)" \
	"a key is read from a descriptor"
is "$(key show /proc/self/fd/3 3<class.key)" "$(key show class.key)" \
	"by each of its names"
for name in /dev/fd/0 /dev/fd/1 /dev/fd/2 /dev/stdin /dev/stdout \
	/dev/stderr /proc/self/fd/0; do
	is "$(key show $name <class.key)" "mchat: $name: a key is read from a \
file, or from a descriptor above 2
status 2" "$name is taken already"
done
is "$(key show /dev/fd/9)" "mchat: /dev/fd/9: Bad file descriptor
status 1" "a descriptor must be open"
for name in /dev/fd/3x /dev/fd/ /dev/fd/0x3 /dev/fd/-1; do
	is "$(key show $name 3<class.key)" "mchat: $name: not a descriptor
status 2" "$name is none"
done

# ---- codes in a command line ----

for command in new save show; do
	is "$(key $command $example </dev/null)" "mchat: that is a code, not a \
file, and others on this host can see it (ps): make a new one; -k ask asks for it
status 2" "$command: a code is no file"
	fails "and no file is made of it" test -e $example
done

# ---- wrong usage ----

is "$(key)" "mchat: key: new, code, save or show? mchat key --help tells what \
they do
status 2" "nothing to do"
is "$(key nwe x)" "mchat: nwe: no such command of mchat key; near: new
status 2" "no such command"
for words in "new" "new a b" "save" "show"; do
	# shellcheck disable=SC2086 # words
	is "$(key $words)" "mchat: key ${words%% *} takes one FILE; \
mchat key --help lists the commands
status 2" "key $words"
done
is "$(key code x)" "mchat: key code takes nothing; mchat key --help lists the \
commands
status 2" "key code x"
is "$(key show '')" "mchat: key show '': names no file
status 2" "a name that is empty"
is "$(key -x)" "mchat: unknown option -x; mchat key --help lists them
status 2" "no such option"
is "$("$MCHAT" key --help | awk 'length > 80')" "" "--help fits 80 columns"

# ---- by another implementation ----

if command -v python3 >/dev/null; then
	for name in class.key other.key spoken.key; do
		is "$(key show $name | sed -n 's/, port.*//p')" \
			"$(python3 -B "$peer" file $name)" \
			"$name gives what another implementation says"
	done
	echo "mchat-code-1 $code" >code.key
	chmod 600 code.key
	is "$(key show code.key | sed -n 's/, port.*//p')" \
		"$(python3 -B "$peer" file code.key)" "and a new code does"
	is "$(python3 -B "$peer" key $digits)" "04934ea86fab2ea4f83ef49979e3e09\
199006b1222163d808d8cd4871a51f2bf d53e 239.255.39.182 02e8-a717" \
		"the vectors of the tests are that one's"
	is "$(python3 -B "$peer" key $digits lobby)" "825e3df864ad523aa033d11b2\
e0373c9f39ebf9a3fd487941ac9aa05462f81eb 8454 239.255.58.75 02e8-a717" \
		"with a room, too"
	is "$(python3 -B "$peer" code 00112233445566)" "$example 7d8acccac1c108\
1d1b4d0d7d880958c89269b51ee5d185f4a7c0c53c3c45996c" "and that of a code"
else
	skip "another implementation" "python3 is missing"
fi

done_testing
