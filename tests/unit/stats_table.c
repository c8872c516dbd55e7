/* SPDX-License-Identifier: ISC */
#include "mchat/view/stats_table.h"

#include <stdint.h>
#include <string.h>

#include "tap.h"
#include "mchat/base/buffer.h"
#include "mchat/protocol/event.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct event_stat items[] = {
	{"sent", 5},
	{"received", 12345678},
	{"dropped_by_the_kernel", 1234567890},
	{"lost", 0},
	{"late", UINT64_MAX},
};

static const struct event_stats stats = {items, COUNT(items)};

/* The whole table in a window. */
static void table(unsigned columns, const char *expected, const char *what)
{
	struct buffer out = BUFFER_EMPTY;

	for (size_t i = 0; i < stats.count;) {
		i += stats_table_append_row(&out, &stats, i, columns);
		buffer_append_char(&out, '\n');
	}
	buffer_append_char(&out, '\0');
	tap_is_string(buffer_bytes(&out), expected, what);
	buffer_fini(&out);
}

static void test_end(void)
{
	struct buffer out = BUFFER_EMPTY;

	tap_is_int(
		(intmax_t)stats_table_append_row(&out, &stats, stats.count, 80),
		0, "past the last one there is no row");
	tap_is_int((intmax_t)buffer_size(&out), 0, "and nothing is appended");
	buffer_fini(&out);
}

int main(void)
{
	static const char one_column[] =
		"sent                           5\n"
		"received                12345678\n"
		"dropped by the kernel 1234567890\n"
		"lost                           0\n"
		"late                  18446744073709551615\n";
	static const char two_columns[] =
		"sent                           5"
		"  received                12345678\n"
		"dropped by the kernel 1234567890"
		"  lost                           0\n"
		"late                  18446744073709551615\n";

	table(66, two_columns, "where two numbers fit, they share a row");
	table(200, two_columns, "in a wide window no more than two do");
	table(65, one_column, "where they do not, each has its own");
	table(32, one_column, "32 columns are enough");
	table(0, one_column, "in less room there is one a row all the same");
	test_end();
	return tap_done();
}
