/* SPDX-License-Identifier: ISC */
#include "journal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "mchat/base/time.h"

static const struct {
	const char *what;
	const char *a; /* what the numbers are; NULL: not used */
	const char *b;
} words[] = {
	[JOURNAL_JOINED] = {"joined", NULL, NULL},
	[JOURNAL_ACT] = {"act", "number", NULL},
	[JOURNAL_SAID] = {"said", "message", "bytes"},
	[JOURNAL_FULL] = {"is full", "message", NULL},
	[JOURNAL_DATA] = {"sends DATA", "sequence", "bytes"},
	[JOURNAL_REPAIR] = {"sends repair", "sequence", "of member"},
	[JOURNAL_CODED] = {"sends a combination", "up to", "of member"},
	[JOURNAL_STATE] = {"sends STATE", "bytes", NULL},
	[JOURNAL_ASK] = {"sends asking STATE", "bytes", NULL},
	[JOURNAL_GIVEN] = {"gets DATA", "sequence", "of member"},
	[JOURNAL_HEARD] = {"gets STATE", "bytes", "of member"},
	[JOURNAL_DROPPED] = {"misses a packet", "bytes", "of member"},
	[JOURNAL_MESSAGE] = {"delivers", "sequence", "of member"},
	[JOURNAL_LOST] = {"tells a loss", "count", "of member"},
	[JOURNAL_JOIN] = {"tells of joining", "member", NULL},
	[JOURNAL_LEAVE] = {"tells of leaving", "member", "timeout"},
	[JOURNAL_HOSTILE] = {"hostile packet", "bytes", "kind"},
};

void journal_note(struct journal *journal, uint32_t member,
	enum journal_what what, uint64_t a, uint64_t b)
{
	journal->entries[journal->count++ % JOURNAL_MAX] =
		(struct journal_entry){
			.at = journal->now,
			.member = member,
			.what = what,
			.a = a,
			.b = b,
		};
}

void journal_fail(struct journal *journal, const char *why, ...)
{
	va_list arguments;

	if (journal->failed)
		return;
	journal->failed = true;
	va_start(arguments, why);
	vsnprintf(journal->why, sizeof(journal->why), why, arguments);
	va_end(arguments);
}

void journal_print(const struct journal *journal)
{
	size_t i =
		journal->count > JOURNAL_MAX ? journal->count - JOURNAL_MAX : 0;

	for (; i < journal->count; i++) {
		const struct journal_entry *entry =
			&journal->entries[i % JOURNAL_MAX];

		printf("  %12.6f  ", (double)(entry->at - journal->start) /
					     (double)NS_PER_S);
		if (entry->member == UINT32_MAX)
			printf("nobody    ");
		else
			printf("member %-3" PRIu32, entry->member);
		printf(" %s", words[entry->what].what);
		if (words[entry->what].a)
			printf(", %s %" PRIu64, words[entry->what].a, entry->a);
		if (words[entry->what].b)
			printf(", %s %" PRIu64, words[entry->what].b, entry->b);
		putchar('\n');
	}
}
