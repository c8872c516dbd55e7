/* SPDX-License-Identifier: ISC */
/*
 * --trace: one line on stderr for each packet, with what it is and why.  Raw
 * mode has no engine (NULL here) and no packets: each datagram is a plain one.
 */
#ifndef MCHAT_TRACE_TRACE_H
#define MCHAT_TRACE_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/address.h"
#include "mchat/base/time.h"
#include "mchat/io/fault_injection.h"
#include "mchat/protocol/wire.h"
#include "mchat/seal/seal.h"

struct datagram;
struct engine;
struct membership;
struct wire_peer;

struct trace {
	const struct membership *membership; /* borrowed: where packets go */
	struct address group;                /* and to whom */
	struct instant begun;                /* times are shown from then on */
	bool has_color;
	bool is_private; /* what peers exchange is sealed */
};

/* A packet that the engine has just given, or in raw mode a line, leaves at
 * `now`, in a datagram of so many bytes: as many, or more where it is sealed.
 */
void trace_sent(const struct trace *trace, const struct engine *engine,
	const void *packet, size_t size, size_t datagram_size,
	struct instant now);

/* A packet that the engine has just taken, with this result; it came as, or in,
 * a datagram of so many bytes. */
void trace_received(const struct trace *trace, const struct engine *engine,
	const struct datagram *packet, size_t datagram_size,
	enum wire_result result, struct instant now);

/* A packet that the engine has taken goes on, to peers or from one. */
void trace_passed_on(const struct trace *trace, const struct engine *engine,
	const struct datagram *packet, size_t datagram_size,
	struct instant now);

/* A datagram came to a private group that has no packet for us: it names
 * sessions, or is refused.  Nothing is said of an echo. */
void trace_sealed(const struct trace *trace, const struct datagram *datagram,
	enum seal_result result, const struct seal_opened *opened,
	struct instant now);

/* A datagram that names sessions, sealed as it is, leaves. */
void trace_names_sent(const struct trace *trace, const void *datagram,
	size_t size, struct instant now);

/* A packet of the exchange itself came from a peer's address, or goes there. */
void trace_exchange(const struct trace *trace, const struct engine *engine,
	const struct wire_peer *packet, const struct address *address,
	bool is_sent, struct instant now);

/* A datagram is subjected to this fault; the engine has not seen it. */
void trace_fault(const struct trace *trace, const struct engine *engine,
	const struct datagram *datagram, enum fault fault, struct instant now);

#endif
