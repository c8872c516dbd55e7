/* SPDX-License-Identifier: ISC */
/* What the whole host grants: the port, memberships, room for what comes in. */
#ifndef MCHAT_DOCTOR_HOST_PROBE_H
#define MCHAT_DOCTOR_HOST_PROBE_H

#include "mchat/doctor/evidence.h"

/* Joins the group on every chosen interface with one socket, as a chat does,
 * and asks for its buffer; fills in the limits, and who has the port if
 * out->bind_error says that somebody has it. */
void host_probe_run(struct evidence *out);

#endif
