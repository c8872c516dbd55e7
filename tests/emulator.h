/* SPDX-License-Identifier: ISC */
/*
 * A terminal, as far as the line editor uses one: a row of cells and a cursor,
 * which stays behind the last column as xterm's does until the next character
 * wraps.  Terminals do not agree on the width of clusters, so it can behave
 * either way.  A sequence that the editor should never send marks it as broken.
 */
#ifndef MCHAT_TESTS_EMULATOR_H
#define MCHAT_TESTS_EMULATOR_H

#include <stdbool.h>
#include <stddef.h>

/* The widest window, and the bytes of the largest cell. */
#define EMULATOR_COLUMNS_MAX 512
#define EMULATOR_CELL_MAX    160

enum emulator_opinion {
	EMULATOR_ADDS_UP, /* each code point has its width, as in xterm */
	EMULATOR_JOINS,   /* a cluster takes two columns at most, as in kitty */
};

struct emulator_cell {
	char text[EMULATOR_CELL_MAX];
	size_t size; /* 0: blank, or the right half of the cell before */
	bool is_right_half;
};

struct emulator {
	unsigned columns;
	enum emulator_opinion opinion;
	struct emulator_cell cells[EMULATOR_COLUMNS_MAX];
	unsigned cursor;
	bool is_wrapping; /* the cursor is behind the last column */
	size_t wraps;     /* rows that were begun for want of room */
	size_t beeps;
	const char *broken; /* what went wrong; NULL: nothing */
};

void emulator_init(struct emulator *emulator, unsigned columns,
	enum emulator_opinion opinion);

/* The window changes its width; what no longer fits is cut off. */
void emulator_resize(struct emulator *emulator, unsigned columns);

/* Takes all that was written by one call. */
void emulator_write(struct emulator *emulator, const char *bytes, size_t size);

#endif
