/* SPDX-License-Identifier: ISC */
/* The lists that report_list.h keeps in an engine. */
#ifndef MCHAT_PROTOCOL_REPORT_LIST_TYPES_H
#define MCHAT_PROTOCOL_REPORT_LIST_TYPES_H

struct member;

/* Why a report is wanted; a member is in the list of the first that holds. */
enum report_list_kind {
	REPORT_LIST_NONE,
	REPORT_LIST_ASKS,     /* we lack something of it */
	REPORT_LIST_CONFIRMS, /* it has sent something */
	REPORT_LIST_GREETS,   /* it is to learn that we hear it */
	REPORT_LIST_KINDS,
};

struct report_list {
	struct member *first;
	struct member *last;
};

#endif
