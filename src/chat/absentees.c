/* SPDX-License-Identifier: ISC */
#include "mchat/chat/absentees.h"

#include "mchat/chat/notice.h"
#include "mchat/view/name.h"

/* What is to be done about it. */
static const char *const steps[] = {
	[ABSENT_SILENT] =
		"look whether it still runs, and what its stderr says",
	[ABSENT_LEFT] = "its stderr may say why it left",
	[ABSENT_DEAF] = "mchat --trace there shows what comes in",
	[ABSENT_BEHIND] =
		"a larger -T waits longer, and --trace shows what is lost",
	[ABSENT_HURRIED] =
		"the wait for it was cut short; left alone, it ends after -T",
	[ABSENT_SKIPPED] = "its stderr says how many it lost",
};

static void append_why(
	struct absentees *absentees, const struct absentee *absentee)
{
	struct buffer *out = &absentees->text;
	struct duration silence =
		instant_until(absentee->heard_at, absentees->now);

	switch (absentee->why) {
	case ABSENT_SILENT:
		buffer_append_format(out, "silent for %jd s",
			(intmax_t)(silence.ns / NS_PER_S));
		break;
	case ABSENT_LEFT:
		buffer_append_string(out, "has left");
		break;
	case ABSENT_DEAF:
		buffer_append_string(out, "never heard us");
		break;
	case ABSENT_BEHIND:
	case ABSENT_HURRIED:
		buffer_append_format(out, "heard %jd.%jd s ago",
			(intmax_t)(silence.ns / NS_PER_S),
			(intmax_t)(silence.ns % NS_PER_S / (NS_PER_S / 10)));
		break;
	case ABSENT_SKIPPED:
		buffer_append_string(out, "gave up waiting");
		break;
	}
}

static void append_lines(
	struct buffer *out, const struct absentee *absentee, uint64_t said)
{
	uint64_t from = absentee->lacks_from;

	if (absentee->why == ABSENT_SKIPPED)
		buffer_append_format(
			out, ", lost lines from %ju on", (uintmax_t)from);
	else if (from == said)
		buffer_append_format(out, ", lacks line %ju", (uintmax_t)said);
	else
		buffer_append_format(out, ", lacks lines %ju to %ju",
			(uintmax_t)from, (uintmax_t)said);
}

/* As "kim (heard 0.2 s ago, lacks lines 3 to 5)". */
void absentees_add(struct absentees *absentees, const struct absentee *absentee)
{
	struct buffer *out = &absentees->text;

	if (absentees->count++ == 0)
		absentees->first = absentee->why;
	if (absentees->named == ABSENTEES_MAX)
		return;
	if (absentees->named++ > 0)
		buffer_append(out, ", ", 2);
	name_append(out, absentee->id, absentee->nick, absentee->nick_size);
	buffer_append(out, " (", 2);
	append_why(absentees, absentee);
	append_lines(out, absentee, absentees->said);
	buffer_append_char(out, ')');
}

void absentees_say(struct absentees *absentees, const char *before)
{
	struct buffer *text = &absentees->text;

	if (absentees->count > absentees->named)
		buffer_append_format(text,
			absentees->named > 0 ? " and %zu more" : "%zu who left",
			absentees->count - absentees->named);
	buffer_append_char(text, '\0');
	if (absentees->count > 0)
		notice_error("%snot confirmed by %s; %s", before,
			buffer_bytes(text), steps[absentees->first]);
	buffer_fini(text);
}
