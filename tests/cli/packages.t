#!/bin/sh
# SPDX-License-Identifier: ISC
#
# scripts/packages on a machine that lacks a compiler: what it asks of apt-get,
# and what it says when it gets nothing.  Nothing is installed here: the only
# programs there are those of a folder, with an apt-get of ours.

. "${0%/*}/../lib.sh"

bin=$scratch/bin
mkdir "$bin"
for tool in sh sed tr tail paste env; do
	ln -s "$(command -v $tool)" "$bin/$tool"
done

# is_root YES|NO
is_root() {
	case $1 in
	yes) uid=0 ;;
	no) uid=1000 ;;
	esac
	printf '#!/bin/sh\necho %s\n' "$uid" >"$bin/id"
	chmod +x "$bin/id"
}

# apt_get TEXT: what apt-get does; it writes down what it was asked.
apt_get() {
	# shellcheck disable=SC2016 # for that shell
	printf '#!/bin/sh\necho "$*" >>"%s"\n%s\n' "$scratch/asked" "$1" \
		>"$bin/apt-get"
	chmod +x "$bin/apt-get"
	: >"$scratch/asked"
}

# said: what the script says; its exit status comes last.
said() {
	PATH=$bin "$top/scripts/packages" build 2>&1
	echo "status $?"
}

needed="gcc make"
if [ ! -e /usr/include/stdio.h ]; then
	needed="gcc libc6-dev make"
fi
paste="apt-get update && apt-get install -y --no-install-recommends $needed"

is_root yes
apt_get :
like "$(said)" '^scripts/packages: installing' "it says that it installs"
is "$(cat "$scratch/asked")" "-qq -o APT::Update::Error-Mode=any update
-qq -y install --no-install-recommends $needed" \
	"apt-get is asked for what is missing, with lists that are new"

# As apt-get does without a network, but for that option.
# shellcheck disable=SC2016 # for that shell
apt_get 'case $* in
	*Error-Mode=any*) echo "E: no network" && exit 100 ;;
	*update) exit 0 ;;
	*) echo "E: Unable to locate package" && exit 100 ;;
esac'
text=$(said)
is "$(printf '%s\n' "$text" | grep -v '^  ')" "scripts/packages: missing here:
scripts/packages: could not install:
E: no network
scripts/packages: install as root, then start again: $paste
status 1" "without a network it tells so, and what to type"

is_root no
is "$(said | tail -n 3)" "this takes root, and there is no sudo
scripts/packages: install as root, then start again: $paste
status 1" "nor does it say that it installs where it may not"

printf '#!/bin/sh\nexec "$@"\n' >"$bin/sudo"
chmod +x "$bin/sudo"
apt_get :
like "$(said)" '^status 0$' "with sudo it may"
is "$(grep -c . "$scratch/asked")" 2 "and asks for both"

done_testing
