#!/bin/sh
# SPDX-License-Identifier: ISC
#
# -k and MCHAT_KEY: what is a key and what is not, what is said of it, and that
# nobody speaks in the clear who meant not to.

. "${0%/*}/../lib.sh"
cd "$scratch" || exit 1

code=babid-famug-hidij-kirum
digits=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
umask 077
echo "mchat-key-1 $digits" >class.key
echo "mchat-code-1 $code" >code.key
echo "hunter2" >wrong.key

# said COMMAND...: all that it prints, then its exit status.
said() {
	timeout 20 "$@" 2>&1 </dev/null
	echo "status $?"
}

# chat OPTION...: of a chat that sends one line.
chat() {
	said "$MCHAT" -i lo -T 1 -m x "$@"
}

# joined OPTION...: the line that tells the group; its interface is always lo.
joined() {
	chat -v "$@" | grep '^mchat: in '
}

# ---- files ----

like "$(joined -k class.key)" \
	'^mchat: in 239\.255\.39\.182:62428 on lo .*; private, key 02e8-a717$' \
	"the group comes from the key"
like "$(joined --key=code.key)" \
	'^mchat: in 239\.255\.62\.147:62428 on lo .*; private, key e130-2103$' \
	"or from that of a code"
like "$(joined -k class.key -p 5107)" '^mchat: in 239\.255\.39\.182:5107 on ' \
	"-p is the port"
like "$(joined -k class.key -r lobby)" \
	'^mchat: in lobby, 239\.255\.58\.75:62428 on .*, key 02e8-a717$' \
	"a room has another address"
like "$(joined -k class.key $own_address)" \
	"^mchat: in $own_address:62428 on .*; private, key 02e8-a717\$" \
	"GROUP is where it is all the same"
like "$(joined -k /dev/fd/3 3<class.key)" 'private, key 02e8-a717$' \
	"a key comes from a descriptor"
is "$(chat -k class.key)" "status 0" "nothing is said of it without -v"
is "$(MCHAT_KEY=class.key joined | sed 's/.*; //')" "private, key 02e8-a717" \
	"MCHAT_KEY names a file, too"
is "$(MCHAT_KEY=class.key joined -k code.key | sed 's/.*; //')" \
	"private, key e130-2103" "-k counts before it"
is "$(MCHAT_KEY=class.key joined -k none | grep -c private)" 0 \
	"-k none turns it off"
is "$(MCHAT_KEY=none joined | grep -c private)" 0 "and so does none there"

# ---- no key ----

for option in "-k ''" "--key="; do
	is "$(eval "chat $option")" "mchat: the key's file has no name (-k '' or \
MCHAT_KEY=); -k none chats without a key
status 2" "$option is no file"
done
is "$(MCHAT_KEY='' chat)" "mchat: the key's file has no name (-k '' or \
MCHAT_KEY=); -k none chats without a key
status 2" "nor is an empty MCHAT_KEY: it must not chat in the clear"
is "$(chat -k nosuch)" "mchat: nosuch: No such file or directory
status 1" "a file must be there"
is "$(MCHAT_KEY=nosuch chat)" "mchat: nosuch: No such file or directory
status 1" "that of MCHAT_KEY, too"
is "$(chat -k wrong.key)" "mchat: wrong.key: not a key file of mchat; mchat key \
new makes one
status 2" "and have a key"
is "$(chat -k $code)" "mchat: that is a code, not a file, and others on this \
host can see it (ps): make a new one; -k ask asks for it
status 2" "a code is no file"
for name in /dev/fd/0 /dev/stdin /proc/self/fd/2; do
	is "$(chat -k $name)" "mchat: $name: a key is read from a file, or from \
a descriptor above 2
status 2" "$name is taken already"
done
is "$(chat -k /dev/fd/9)" "mchat: /dev/fd/9: Bad file descriptor
status 1" "a descriptor must be open"
chmod 604 class.key
like "$(chat -k class.key)" \
	'^mchat: others on this host can read class.key; chmod o= class.key$' \
	"who else can read a key is warned of"
is "$(chat -q -k class.key)" "status 0" "but for -q"
chmod 600 class.key

# ---- --raw ----

is "$(chat --raw -k class.key)" "mchat: --raw and -k exclude each other: \
textbook datagrams are not sealed
status 2" "--raw and -k exclude each other"
is "$(MCHAT_KEY=class.key chat --raw)" "mchat: not private: --raw
status 0" "--raw ignores MCHAT_KEY, and says so"
is "$(MCHAT_KEY=class.key chat -q --raw)" "status 0" "but for -q"
is "$(MCHAT_KEY=class.key chat --raw -k none)" "status 0" \
	"nobody is warned who chose that"

# ---- what is shown, and what never is ----

like "$(chat -e -k class.key)" "^explain: key class.key: 256 bits; the group's \
address comes from it\$" "--explain tells of the key"
like "$(chat -e -k code.key)" '^explain: key code.key: 56 bits; ' \
	"of one from a code"
like "$(chat -e -k class.key $own_address)" "^explain: key class.key: 256 bits; \
the group's address was given\$" "and where the address is from"
chat -v -e --trace --stats -f json -k class.key >said.all
fails "no line of digits is ever shown" grep -q "$(echo $digits | cut -c 1-16)" \
	said.all
like "$(cat said.all)" ' 104 bytes .* first sending: 1 message$' \
	"a datagram is traced with its size as it travels"
is "$(chat --trace --duplicate 100 -k class.key | grep 'on purpose')" "" \
	"no fault is told that befalls an echo"
like "$(chat --stats -k class.key)" \
	', sealed opened 0, other key 0, unsealed 0, forged 0, replayed 0$' \
	"--stats counts what comes in"

# ---- asking ----

# At a terminal tests/terminal/key_prompt.c does.
if command -v setsid >/dev/null; then
	is "$(said setsid -w "$MCHAT" -k ask -i lo -m x)" "mchat: -k ask: there \
is no terminal to ask on; -k FILE takes the key from a file, which mchat key \
save makes of a code
status 1" "without a terminal it cannot ask"
else
	skip "-k ask" "setsid is missing"
fi

# ---- randomness ----

denied=$BUILD/tests/peers/denied
if "$denied" getrandom -- true; then
	is "$(said "$denied" getrandom -- "$MCHAT" -k class.key -i lo -m x)" \
		"mchat: private group: Function not implemented
status 1" "without random bytes of the system there is no private group"
else
	skip "no random bytes" "there are no filters of system calls here"
fi

# As early in the system's start as there are no random bytes.
mkfifo random
if unshare -rm true 2>unshared; then
	# shellcheck disable=SC2016 # the other shell expands it
	start early unshare -rm sh -c 'mount --bind random /dev/random &&
		exec "$MCHAT" -k class.key -i lo -m x' </dev/null
	succeeds "while there are none it says what it waits for" wait_for 5 \
		told early "waiting for random bytes, which the system \
gathers after its start"
	echo >random
	finish early
	is $? 0 "and goes on when there are"
else
	skip "early in the system's start" "$(cat unshared)"
fi

# ---- memory ----

if [ -r /proc/self/status ]; then
	start_open dumpable "$MCHAT" -i lo -v $own_address
	start_open private "$MCHAT" -i lo -v -k class.key $own_address
	is_in dumpable
	is_in private
	# What is not to be dumped belongs to root.
	is "$(stat -c %u "/proc/$(cat private.pid)/environ" 2>&1)" 0 \
		"nobody but root may look into its memory"
	if [ "$(id -u)" != 0 ]; then
		is "$(stat -c %u "/proc/$(cat dumpable.pid)/environ")" \
			"$(id -u)" "unlike that of a chat without a key"
	fi
	for name in private dumpable; do
		hang_up $name
		finish $name
		is $? 0 "exit status of $name"
	done
fi

done_testing
