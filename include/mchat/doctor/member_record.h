/* SPDX-License-Identifier: ISC */
/* What comes in, and what does not, becomes evidence about each member.  Pure.
 */
#ifndef MCHAT_DOCTOR_MEMBER_RECORD_H
#define MCHAT_DOCTOR_MEMBER_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/doctor/evidence.h"

/* Members of this host that are known; one more is taken for another's. */
#define MEMBER_RECORD_OWN_MAX 32

struct member_record {
	struct evidence *evidence; /* borrowed */
	uint64_t self;             /* that asks */
	uint32_t host;             /* what stands for ours; 0: not known */
	struct instant begun;
	struct instant sent_at[EVIDENCE_NUMBERS];
	bool is_reached[EVIDENCE_MEMBERS_MAX][EVIDENCE_NUMBERS];
	uint64_t own[MEMBER_RECORD_OWN_MAX];
	size_t own_count;
};

/* A datagram that came. */
struct member_arrival {
	const void *bytes;
	size_t size;
	struct address from;
	unsigned interface_index; /* 0: not known */
	int hop_limit;            /* -1: not known */
	bool is_direct;           /* to us alone, by unicast */
	struct instant at;
};

void member_record_init(struct member_record *record, struct evidence *evidence,
	uint64_t self, struct instant now);

/* Adds a member by its address, which the user gave. */
void member_record_name(
	struct member_record *record, const struct address *address);

/* Adds a gateway, which is to be reached as members are. */
void member_record_add_gateway(struct member_record *record,
	const struct address *address, unsigned interface_index);

/* The probe of this number leaves. */
void member_record_sent(
	struct member_record *record, unsigned number, struct instant now);

/* Takes what came, whatever it is. */
void member_record_take(
	struct member_record *record, const struct member_arrival *arrival);

/* What was sent to this host failed, with an errno. */
void member_record_failed(
	struct member_record *record, const struct address *address, int error);

/* Nothing more will come: sorts out whom it is not about. */
void member_record_end(struct member_record *record);

#endif
