/* SPDX-License-Identifier: ISC */
/* What a member is called. */
#ifndef MCHAT_VIEW_NAME_H
#define MCHAT_VIEW_NAME_H

#include <stddef.h>
#include <stdint.h>

struct buffer;

/* Appends a nick, made safe.  Nobody goes without a name: whose nick is empty
 * is called by the id. */
void name_append(
	struct buffer *out, uint64_t id, const char *nick, size_t size);

#endif
