/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/complete.h"

#include "mchat/base/buffer.h"
#include "mchat/base/utf8.h"
#include "mchat/terminal/cluster.h"

/* Columns between two words of a list. */
#define LIST_GAP 2

struct complete_query complete_find(const char *text, size_t cursor)
{
	size_t start = cursor;
	bool is_command;

	while (start > 0 && !utf8_is_blank(text[start - 1]))
		start--;
	is_command = start == 0 && cursor > 0 && text[0] == '/';
	start += is_command;
	return (struct complete_query){
		.start = start,
		.size = cursor - start,
		.is_command = is_command,
	};
}

static char lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c - 'A' + 'a');
	return c;
}

/* How many bytes two words share at their start, regardless of case. */
static size_t shared(const struct complete_word *a, const char *b, size_t size)
{
	size_t i = 0;

	while (i < a->size && i < size && lower(a->text[i]) == lower(b[i]))
		i++;
	return i;
}

/* Whether `word` begins with `prefix`. */
static bool matches(const struct complete_word *word, const char *prefix,
	size_t prefix_size)
{
	return shared(word, prefix, prefix_size) == prefix_size;
}

size_t complete_common(const char *prefix, size_t prefix_size,
	const struct complete_word *words, size_t count,
	struct complete_word *common)
{
	const struct complete_word *first = NULL;
	size_t found = 0;

	*common = (struct complete_word){0};
	for (size_t i = 0; i < count; i++) {
		if (!matches(&words[i], prefix, prefix_size))
			continue;
		found++;
		if (!first) {
			first = &words[i];
			*common = *first;
			continue;
		}
		common->size = shared(common, words[i].text, words[i].size);
		common->size =
			utf8_prefix(first->text, first->size, common->size);
	}
	return found;
}

/* Draws the word from `column` on, as far as it fits; returns the column after
 * it. */
static unsigned draw_word(const struct complete_word *word, unsigned column,
	unsigned columns, struct buffer *out)
{
	for (size_t at = 0; at < word->size;) {
		struct cluster cluster =
			cluster_at(word->text + at, word->size - at);

		if (column + cluster.width >= columns)
			break;
		cluster_draw(out, &cluster, word->text + at, column);
		column += cluster.width;
		at += cluster.size;
	}
	return column;
}

void complete_list(const char *prefix, size_t prefix_size,
	const struct complete_word *words, size_t count, unsigned columns,
	struct buffer *out)
{
	unsigned column = 0;

	for (size_t i = 0; i < count; i++) {
		unsigned width;

		if (!matches(&words[i], prefix, prefix_size))
			continue;
		width = cluster_columns(words[i].text, words[i].size, columns);
		if (column > 0 && column + LIST_GAP + width >= columns) {
			buffer_append_char(out, '\n');
			column = 0;
		}
		for (unsigned gap = column > 0 ? LIST_GAP : 0; gap > 0; gap--) {
			buffer_append_char(out, ' ');
			column++;
		}
		column = draw_word(&words[i], column, columns, out);
	}
	buffer_append_char(out, '\n');
}

const char *complete_suffix(const struct complete_query *query)
{
	return query->start == 0 && !query->is_command ? ": " : " ";
}
