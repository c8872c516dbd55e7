/* SPDX-License-Identifier: ISC */
/* Options and what became of them, as text for people and as JSON. */
#ifndef MCHAT_SOCKOPT_SOCKOPT_SHOW_H
#define MCHAT_SOCKOPT_SOCKOPT_SHOW_H

#include <stdbool.h>

#include "mchat/network/sockopt.h"
#include "mchat/sockopt/probe.h"
#include "mchat/view/view.h"

struct buffer;

/* How it is shown. */
struct sockopt_style {
	enum view_format format;
	unsigned columns; /* that text may take; 0: it goes to no terminal */
};

/* The value of an option on one socket. */
struct sockopt_reading {
	enum probe_kind kind;
	bool is_asked; /* the option was to be read on this kind of socket */
	int error;     /* errno of reading it, else 0 */
	struct sockopt_value value; /* where error is 0 */
};

/* What setting an option did. */
struct sockopt_change {
	enum probe_kind kind;
	int error;        /* errno of setting it, else 0 */
	bool is_readable; /* before and after were read */
	struct sockopt_value before;
	struct sockopt_value asked;
	struct sockopt_value after;
};

/* The head of the table; nothing in JSON. */
void sockopt_show_head(const struct sockopt_style *style, struct buffer *out);

/* One option as one line of the table, or where that is wider than the terminal
 * as a few lines of its own. */
void sockopt_show_row(const struct sockopt_style *style, enum sockopt_id id,
	const struct sockopt_reading readings[PROBE_KINDS], struct buffer *out);

/* One option in depth; in JSON the same as its line of the table. */
void sockopt_show_depth(const struct sockopt_style *style, enum sockopt_id id,
	const struct sockopt_reading readings[PROBE_KINDS], struct buffer *out);

/* What setting it did. */
void sockopt_show_change(const struct sockopt_style *style, enum sockopt_id id,
	const struct sockopt_change *change, struct buffer *out);

/* The notes on an option, to follow its changes; nothing in JSON. */
void sockopt_show_notes(const struct sockopt_style *style, enum sockopt_id id,
	struct buffer *out);

#endif
