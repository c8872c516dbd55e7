#!/bin/sh
# SPDX-License-Identifier: ISC
#
# mchat-lab.7 documents each row of the option table in the table's own words,
# and each experiment, and names no others.

. "${0%/*}/../lib.sh"
requires jq
cd "$top" || exit 1
[ -x "$MCHAT" ] || skip_all "mchat is not built"

manual=src/man/mchat-lab.7

# "NAME summary" of each option that the manual has.
documented() {
	sed -n '/^\.It Dv /{
		N
		s/^\.It Dv //
		s/\n/ /
		s/\\-/-/g
		p
	}' $manual | sort
}

documented >"$scratch/documented"
"$MCHAT" sockopt -f json | jq -r '"\(.name) \(.summary)"' | sort \
	>"$scratch/known"
succeeds "there are options" test -s "$scratch/known"
is "$(comm -23 "$scratch/known" "$scratch/documented")" "" \
	"each option of this system is in the manual, with its summary"
is "$(sed 's/ .*//' "$scratch/documented" | sort)" \
	"$(sed -n 's/^ROW([A-Z0-9_]*, \([A-Z0-9_]*\),.*/\1/p' \
		include/mchat/network/sockopt.def | sort)" \
	"the manual's options are those of the table"

is "$(sed -n '/^\.Sh EXPERIMENTS/,/^\.Sh SOCKET/s/^\.It Ic mchat lab //p' $manual |
	sort)" "$("$MCHAT" lab | sed 's/ .*//' | sort)" \
	"the manual's experiments are those of mchat lab"

# Its examples are taken at their word, but for the chat.
sed -n 's/^\.Dl \$ \(mchat [sl].*\)/\1/p' $manual >"$scratch/examples"
succeeds "the manual has examples" test -s "$scratch/examples"
while read -r _ words; do
	# shellcheck disable=SC2086 # the words of a command line
	"$MCHAT" $words </dev/null >/dev/null 2>&1
	like $? '^[01]$' "mchat $words is no wrong usage"
done <"$scratch/examples"

# What the remarks send people to exists.
"$MCHAT" lab | sed 's/ .*//' | sort >"$scratch/experiments"
is "$("$MCHAT" sockopt -f json | jq -r '.experiment // empty' | sort -u |
	comm -23 - "$scratch/experiments")" "" \
	"each experiment that an option names is one"

done_testing
