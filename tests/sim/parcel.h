/* SPDX-License-Identifier: ISC */
/*
 * A packet under way: one copy of its bytes for all its receivers, by count of
 * users.
 */
#ifndef MCHAT_TESTS_SIM_PARCEL_H
#define MCHAT_TESTS_SIM_PARCEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/protocol/wire.h"
#include "mchat/seal/header.h"

/* No member: the hostile sender, or an origin that is no member. */
#define PARCEL_NOBODY UINT32_MAX

/* What a STATE reports on an author. */
struct parcel_report {
	uint32_t author;
	uint64_t known; /* the last packet */
};

struct parcel {
	struct parcel *next; /* in the list of those that are free */
	unsigned users;
	uint32_t sender;
	uint32_t origin;   /* the member that the packet names, or nobody */
	bool is_data;      /* and otherwise a STATE, when not hostile */
	bool is_repair;    /* DATA only */
	bool is_coded;     /* a combination of packets of the origin */
	bool is_ask;       /* STATE only: it reports something missing */
	uint64_t sequence; /* DATA only */
	uint64_t last;     /* the last packet of the origin that it tells of */
	bool is_names;     /* of the seal, and no packet */
	size_t size;
	size_t sealed_size;    /* 0: not sealed */
	int64_t sealed_at;     /* by a member */
	unsigned report_count; /* STATE only: on authors that have sent */
	struct parcel_report reports[WIRE_REPORTS_MAX];
	uint8_t bytes[WIRE_PACKET_MAX];
	uint8_t sealed[SEAL_DATAGRAM_MAX]; /* in a private group: what travels
					    */
};

struct parcels {
	struct parcel *free;
};

/* The size of what travels. */
static inline size_t parcel_size(const struct parcel *parcel)
{
	return parcel->sealed_size > 0 ? parcel->sealed_size : parcel->size;
}

/* An empty parcel with one user; ends the program when there is no memory. */
struct parcel *parcels_take(struct parcels *parcels);
void parcels_drop(struct parcels *parcels, struct parcel *parcel);
void parcels_fini(struct parcels *parcels);

#endif
