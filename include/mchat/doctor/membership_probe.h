/* SPDX-License-Identifier: ISC */
/*
 * Whether IGMP or MLD leaves this host, and whether somebody asks who listens.
 * A host that lets go of one of two sources of a group makes a querier ask
 * about that source (RFC 3376, 6.6.3.2; RFC 3810, 7.6.3.2).
 */
#ifndef MCHAT_DOCTOR_MEMBERSHIP_PROBE_H
#define MCHAT_DOCTOR_MEMBERSHIP_PROBE_H

#include "mchat/base/time.h"
#include "mchat/doctor/evidence.h"

/* Joins a group of its own on the interface of *out, and fills in what became
 * of it; what cannot be known, or not by `deadline`, stays unknown. */
void membership_probe_run(enum address_family family, struct instant deadline,
	struct interface_evidence *out);

#endif
