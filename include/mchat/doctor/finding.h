/* SPDX-License-Identifier: ISC */
/* What the doctor found: a cause, where, why it is believed, what mends it. */
#ifndef MCHAT_DOCTOR_FINDING_H
#define MCHAT_DOCTOR_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/doctor/cause.h"
#include "mchat/network/interface.h"

enum severity {
	SEVERITY_NOTE,    /* nothing is wrong, but it is good to know */
	SEVERITY_WARNING, /* works now, or partly */
	SEVERITY_FAULT,   /* does not work */
};

/* "fault". */
const char *severity_name(enum severity severity);

/* Room for a sentence or two, and for three commands, terminator included. */
#define FINDING_TEXT_SIZE 480

struct finding {
	enum cause cause;
	enum severity severity;
	char interface[INTERFACE_NAME_SIZE]; /* empty: of the whole host */
	char member[ADDRESS_TEXT_SIZE]; /* whom it is about; empty: nobody */
	char text[FINDING_TEXT_SIZE];   /* what, and why it is believed */
	char mend[FINDING_TEXT_SIZE];   /* what mends it; may be empty */
};

/* Three findings of each interface that a host has, in practice. */
#define FINDINGS_MAX 64

struct finding_list {
	struct finding items[FINDINGS_MAX];
	size_t count;
};

/* Adds one, without text and mend so far, and returns it; when there is no room
 * the last one gives way.  `interface` may be NULL. */
struct finding *finding_add(struct finding_list *list, enum cause cause,
	enum severity severity, const char *interface);

/* Write its text, write on behind that, and write what mends it; format as
 * printf.  What there is no room for is cut off. */
void finding_say(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_say_more(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_mend(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The one that explains the most: of the gravest, the first in the order of
 * causes; NULL when there are none but notes. */
const struct finding *finding_worst(const struct finding_list *list);

#endif
