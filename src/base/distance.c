/* SPDX-License-Identifier: ISC */
#include "mchat/base/distance.h"

#include <stdbool.h>

static size_t length_of(const char *word)
{
	size_t length = 0;

	while (length < DISTANCE_WORD_MAX && word[length] != '\0')
		length++;
	return length;
}

static int lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool is_same(char a, char b)
{
	return lower(a) == lower(b);
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Keeps three rows of the table: for the current letter of `a` and for the two
 * before it. */
size_t distance_between(const char *a, const char *b)
{
	size_t rows[3][DISTANCE_WORD_MAX + 1] = {{0}};
	size_t a_size = length_of(a);
	size_t b_size = length_of(b);

	for (size_t j = 0; j <= b_size; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_size; i++) {
		const size_t *older = rows[(i + 1) % 3];
		const size_t *old = rows[(i + 2) % 3];
		size_t *now = rows[i % 3];

		now[0] = i;
		for (size_t j = 1; j <= b_size; j++) {
			now[j] = old[j - 1] + !is_same(a[i - 1], b[j - 1]);
			now[j] = smaller(now[j], old[j] + 1);
			now[j] = smaller(now[j], now[j - 1] + 1);
			if (i > 1 && j > 1 && is_same(a[i - 1], b[j - 2]) &&
				is_same(a[i - 2], b[j - 1]))
				now[j] = smaller(now[j], older[j - 2] + 1);
		}
	}
	return rows[a_size % 3][b_size];
}
