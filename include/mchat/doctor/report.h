/* SPDX-License-Identifier: ISC */
/* Findings and the verdict as lines for people, or as JSON. */
#ifndef MCHAT_DOCTOR_REPORT_H
#define MCHAT_DOCTOR_REPORT_H

#include <stdbool.h>

#include "mchat/view/view.h"

struct buffer;
struct evidence;
struct finding_list;

struct report_style {
	enum view_format format; /* VIEW_TEXT or VIEW_JSON */
	unsigned columns;        /* that text is wrapped to; 0: it is not */
	bool is_verbose;         /* notes, too, of which JSON has all */
};

/* Appends everything; whether there is trouble: a warning or a fault. */
bool report_append(const struct report_style *style,
	const struct evidence *evidence, const struct finding_list *findings,
	struct buffer *out);

#endif
