#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The Debian package, built of what make dist packed, without git: lintian has
# nothing to say; installed in a bare Debian, used there, and removed, nothing is
# left.  That Debian comes from where apt-get gets its packages.

# shellcheck disable=SC2086 # $in_bare is a command with its arguments

. "${0%/*}/../lib.sh"
requires make dpkg-buildpackage dh lintian debootstrap unshare tshark
[ "$(id -u)" -eq 0 ] || skip_all "debootstrap takes root"

bare=$scratch/bare
group=$own_address:5119
arch=$(dpkg --print-architecture)
release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
# shellcheck disable=SC2016 # apt-get expands it
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
	"Codename: $release" "Component: main" | head -n 1)

# In a namespace of its own: what it mounts is gone with it.
start debootstrap unshare -mpf --kill-child \
	debootstrap --variant=minbase "$release" "$bare" "$mirror"

# ---- built ----

copy_tree "$scratch/tree"
succeeds "it is built" "$scratch/tree/scripts/package" deb
set -- "$scratch"/tree/build/package/mchat_*_"$arch".deb
is "$(lintian --allow-root --display-info --pedantic \
	"$scratch"/tree/build/package/*.changes 2>&1)" "" \
	"lintian says nothing"

plugins=$(tshark -G folders 2>/dev/null |
	sed -n 's/^Global Lua Plugins:[[:space:]]*//p')
is "$(dpkg -c "$1" | sed -n 's/^-.* \.//p' | sort)" "$(
	sort <<-END
		/usr/bin/mchat
		$plugins/mchat.lua
		/usr/share/bash-completion/completions/mchat
		/usr/share/doc/mchat/README.md.gz
		/usr/share/doc/mchat/changelog.gz
		/usr/share/doc/mchat/copyright
		/usr/share/doc/mchat/examples/build-done
		/usr/share/doc/mchat/examples/crontab
		/usr/share/doc/mchat/examples/post-receive
		/usr/share/doc/mchat/examples/system/mchat-log@.service
		/usr/share/doc/mchat/examples/user/mchat-log@.service
		/usr/share/fish/vendor_completions.d/mchat.fish
		/usr/share/man/ko/man7/mchat-lab.7.gz
		/usr/share/man/man1/mchat.1.gz
		/usr/share/man/man7/mchat-lab.7.gz
		/usr/share/man/man7/mchat-protocol.7.gz
		/usr/share/zsh/vendor-completions/_mchat
	END
)" "each file is where Debian looks for it"

# ---- installed ----

within 500 ended debootstrap || signal debootstrap KILL
collect debootstrap || {
	note "$(tail -n 3 "$scratch/debootstrap.out" "$scratch/debootstrap.err")"
	skip "installed in a bare Debian" "debootstrap of $release failed"
	done_testing
}
cp "$1" "$bare/mchat.deb"

# All but what dpkg writes down of its own work.
files() {
	(cd "$bare" && find . ! -path './proc/*' ! -path './var/log/*' \
		! -path './var/lib/dpkg/*-old' | sort)
}

# A command there, with its /proc.
in_bare="unshare --mount-proc -R $bare"

files >"$scratch/before"
succeeds "it is installed" $in_bare dpkg -i /mchat.deb
files >"$scratch/with"
is "$(comm -23 "$scratch/before" "$scratch/with")" "" "and takes nothing away"
is "$(comm -13 "$scratch/before" "$scratch/with" | grep -cxF \
	-e ./usr/bin/mchat -e ./usr/share/man/man1/mchat.1.gz)" 2 \
	"it brings the program and its manual"
is "$($in_bare mchat -V)" "mchat $(dpkg-deb -f "$1" Version)" \
	"the program has the package's version"

start reader $in_bare mchat -R -v -i lo -n reader -f bare -c 2 -T 60 "$group"
is_in reader
printf 'one\ntwo\n' | $in_bare mchat -i lo -n writer -w 1 "$group" \
	>"$scratch/writer" 2>&1
is "$?" 0 "a chat there is confirmed"
finish reader
is "$? $(cat "$scratch/reader.out")" "0 one
two" "and read"

$in_bare mchat doctor -i lo -f json "$group" >"$scratch/doctor" 2>&1
status=$?
succeeds "the doctor comes to a finding" [ "$status" -le 1 ]
like "$(cat "$scratch/doctor")" '"cause":' "and names a cause"

# ---- removed ----

succeeds "it is removed" $in_bare dpkg -r mchat
is "$(files | diff "$scratch/before" -)" "" "and leaves nothing"
is "$($in_bare dpkg-query -W mchat 2>&1)" \
	"dpkg-query: no packages found matching mchat" "nor a word in dpkg's list"

done_testing
