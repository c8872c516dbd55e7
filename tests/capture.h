/* SPDX-License-Identifier: ISC */
/* What the code under test prints on stderr. */
#ifndef MCHAT_TESTS_CAPTURE_H
#define MCHAT_TESTS_CAPTURE_H

#include <stddef.h>

struct capture {
	int fd;           /* the file that stderr goes to meanwhile */
	int before;       /* the descriptor of stderr before */
	char text[16384]; /* what was printed, once it ended; terminated */
};

/* From here on what goes to stderr is kept.  The test ends where it cannot. */
void capture_begin(struct capture *capture);

/* Until here; returns capture->text. */
const char *capture_end(struct capture *capture);

/* How often `part` stands in `text`. */
size_t capture_count(const char *text, const char *part);

#endif
