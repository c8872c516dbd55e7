/* SPDX-License-Identifier: ISC */
/* Grapheme clusters: where they end, how wide they are, how they are drawn. */
#include "mchat/terminal/cluster.h"

#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "tap.h"
#include "mchat/base/buffer.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define FAMILY                                                                 \
	"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7"                         \
	"\xe2\x80\x8d\xf0\x9f\x91\xa6"
#define KR "\xf0\x9f\x87\xb0\xf0\x9f\x87\xb7"

/* Texts, and what the first cluster of each is. */
static const struct {
	const char *text;
	size_t first; /* bytes of the first cluster */
	unsigned width;
	enum cluster_look look;
	bool is_contested;
	const char *what;
} cases[] = {
	{"ab", 1, 1, CLUSTER_PLAIN, false, "a letter"},
	{"한글", 3, 2, CLUSTER_PLAIN, false, "a syllable"},
	{"e\xcc\x81\xcc\xa3x", 5, 1, CLUSTER_PLAIN, false, "a base and marks"},
	{"\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab\xe1\x84\x80", 9, 2,
		CLUSTER_PLAIN, false, "three jamo of one syllable"},
	{"\xea\xb0\x80\xe1\x86\xab\xea\xb0\x80", 6, 2, CLUSTER_PLAIN, false,
		"LV and T"},
	{"\xea\xb0\x81\xe1\x86\xab\xea\xb0\x80", 6, 2, CLUSTER_PLAIN, false,
		"LVT and T"},
	{"\xea\xb0\x80\xea\xb0\x80", 3, 2, CLUSTER_PLAIN, false,
		"two syllables"},
	{"\xea\xb0\x81\xe1\x85\xa1", 3, 2, CLUSTER_PLAIN, false,
		"LVT takes no V"},
	{"\xe1\x85\xa1"
	 "a",
		3, 1, CLUSTER_LONE, true, "a vowel without a leader"},
	{FAMILY "x", 18, 6, CLUSTER_PLAIN, true, "a family"},
	{"\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd.", 8, 4, CLUSTER_PLAIN, true,
		"a skin tone"},
	{"\xe2\x9d\xa4\xef\xb8\x8f.", 6, 2, CLUSTER_PLAIN, true,
		"a heart made an emoji"},
	{"1\xef\xb8\x8f\xe2\x83\xa3.", 7, 2, CLUSTER_PLAIN, true, "a keycap"},
	{KR KR, 8, 2, CLUSTER_PLAIN, true, "a flag"},
	{"\xf0\x9f\x87\xb0.", 4, 2, CLUSTER_PLAIN, true, "half a flag"},
	{"a\xe2\x80\x8d\xf0\x9f\x91\xa7", 4, 1, CLUSTER_PLAIN, true,
		"a joiner joins only pictographs"},
	{"\xe0\xa4\xb7\xe0\xa4\xbf.", 6, 2, CLUSTER_PLAIN, true,
		"a spacing mark"},
	{"\xcc\x81x", 2, 1, CLUSTER_LONE, true, "a mark alone"},
	{"\t\xcc\x81", 1, 2, CLUSTER_CARET, false, "a control takes no mark"},
	{"\033[2J", 1, 2, CLUSTER_CARET, false, "ESC"},
	{"\177", 1, 2, CLUSTER_CARET, false, "DEL"},
	{"\xc2\x9b"
	 "2J",
		2, 1, CLUSTER_REPLACED, false, "a C1 control"},
	{"\xe2\x80\xae.", 3, 1, CLUSTER_REPLACED, false,
		"a direction override"},
	{"\xff\xff", 1, 1, CLUSTER_REPLACED, false, "an invalid byte"},
	{"\xf0\x9f\x98.", 3, 1, CLUSTER_REPLACED, false, "a cut character"},
};

static void first_clusters(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t size = strlen(cases[i].text);
		char *exact = malloc(size);
		struct cluster cluster;

		if (!exact)
			abort();
		memcpy(exact, cases[i].text, size);
		cluster = cluster_at(exact, size);
		tap_ok(cluster.size == cases[i].first &&
				cluster.width == cases[i].width &&
				cluster.look == cases[i].look &&
				cluster.is_contested == cases[i].is_contested,
			"%s: %zu bytes, %u columns, look %d, contested %d",
			cases[i].what, cluster.size, cluster.width,
			(int)cluster.look, cluster.is_contested);
		tap_is_int((intmax_t)cluster_before(exact, size, cluster.size),
			0,
			"looking back from its end finds the cluster's start");
		free(exact);
	}
}

/* Random text of these pieces exercises every rule of clusters. */
static const char *const pieces[] = {"a", " ", "\t", "\xff", "\xf0\x9f", "한",
	"각", "\xe1\x84\x92", "\xe1\x85\xa1", "\xe1\x86\xab", "\xcc\x81",
	"\xe0\xa4\xbf", "\xe2\x80\x8d", "\xef\xb8\x8f", "\xf0\x9f\x91\xa9",
	"\xf0\x9f\x8f\xbd", "\xf0\x9f\x87\xb0", "\xe2\x80\x8b", "©"};

/* Whether looking back from every place finds what walking on finds. */
static bool agrees(const char *text, size_t size)
{
	size_t start = 0;

	while (start < size) {
		size_t end =
			start + cluster_at(text + start, size - start).size;

		for (size_t at = start + 1; at <= end; at++)
			if (cluster_before(text, size, at) != start ||
				cluster_boundary(text, size, at) != end)
				return false;
		if (cluster_boundary(text, size, start) != start)
			return false;
		start = end;
	}
	return start == size;
}

static void looking_back(void)
{
	struct buffer text = BUFFER_EMPTY;
	size_t wrong = 0;

	random_restart();
	for (size_t round = 0; round < 50000; round++) {
		size_t count = 1 + random_below(10);

		buffer_clear(&text);
		while (count-- > 0)
			buffer_append_string(
				&text, pieces[random_below(COUNT(pieces))]);
		wrong += !agrees(buffer_bytes(&text), buffer_size(&text));
	}
	tap_is_int((intmax_t)wrong, 0, "looking back agrees with walking on");
	buffer_fini(&text);
}

/* Checks that `first` and `count` times `more` are one U+FFFD. */
static void is_too_much(
	const char *first, const char *more, size_t count, const char *what)
{
	struct buffer text = BUFFER_EMPTY;
	struct cluster cluster;

	buffer_append_string(&text, first);
	while (count-- > 0)
		buffer_append_string(&text, more);
	cluster = cluster_at(buffer_bytes(&text), buffer_size(&text));
	tap_ok(cluster.look == CLUSTER_REPLACED && cluster.width == 1 &&
			cluster.size == buffer_size(&text),
		"%s is one U+FFFD", what);
	buffer_fini(&text);
}

static void bounds(void)
{
	is_too_much("e", "\xcc\x81", CLUSTER_SIZE_MAX / 2, "a tower of marks");
	is_too_much("\xf0\x9f\x91\xa9", "\xe2\x80\x8d\xf0\x9f\x91\xa9",
		CLUSTER_WIDTH_MAX / 2, "a crowd");
}

static void draws(const char *text, unsigned column, const char *expected,
	const char *what)
{
	struct cluster cluster = cluster_at(text, strlen(text));
	struct buffer out = BUFFER_EMPTY;

	cluster_draw(&out, &cluster, text, column);
	tap_is_bytes(buffer_bytes(&out), buffer_size(&out), expected,
		strlen(expected), what);
	buffer_fini(&out);
}

int main(void)
{
	first_clusters();
	looking_back();
	bounds();
	tap_is_int(cluster_columns("a한\033" KR, 13, 80), 7,
		"text has the sum of its clusters' columns");
	tap_ok(cluster_columns("한한한한", 12, 3) > 3,
		"columns beyond the limit are more than the limit");
	draws("한글", 3, "한", "a cluster is drawn as it is");
	draws("\x1b", 0, "^[", "a control is drawn with a caret");
	draws("\177", 0, "^?", "DEL is drawn with a caret");
	draws("\xff", 0, "\xef\xbf\xbd", "an invalid byte is drawn as U+FFFD");
	draws(KR, 4, "  \033[5G" KR "\033[7G",
		"a contested cluster is drawn over blanks, then the cursor "
		"set");
	draws("\xcc\x81", 0, " \033[1G \xcc\x81\033[2G",
		"a lone mark is drawn on a blank");
	return tap_done();
}
