/* SPDX-License-Identifier: ISC */
/* What was observed, before anything is concluded from it. */
#ifndef MCHAT_DOCTOR_EVIDENCE_H
#define MCHAT_DOCTOR_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/address.h"
#include "mchat/network/counters.h"
#include "mchat/network/interface.h"

/* How a datagram travels.  Switches treat these differently: a group goes where
 * somebody joined it, the other two go everywhere (RFC 4541, 2.1.2). */
enum way {
	WAY_GROUP,
	WAY_ALL_HOSTS, /* 224.0.0.1 or ff02::1 */
	WAY_BROADCAST, /* of the subnet; IPv4 only */
	WAYS
};

/* Datagrams that we sent on an interface, and that the kernel is to loop back
 * to us there, by its rules for what comes in. */
struct loop_evidence {
	unsigned sent;  /* that the kernel took */
	unsigned heard; /* of those */
	int error;      /* errno of the last that it did not take; 0: none */
	int join_error; /* errno of the join that it needs; 0: none */
};

enum querier {
	QUERIER_UNKNOWN,
	QUERIER_NONE,    /* nobody asked about a group that we left */
	QUERIER_HEARD,   /* somebody did */
	QUERIER_DROPPED, /* and this host dropped the question */
};

enum report_evidence {
	REPORTS_UNKNOWN,
	REPORTS_LEFT, /* on joining a group, something was sent */
	REPORTS_DROPPED,
};

struct interface_evidence {
	struct interface interface;
	bool is_chosen;        /* mchat uses it */
	bool is_named;         /* the user asked for it */
	bool is_bridge;        /* of this host: of containers, for example */
	bool has_other_family; /* it has an address of the other family */
	bool shares_subnet;    /* another interface has an address in its, too
				*/
	bool is_looped;        /* the loop was tried; then these count: */
	struct loop_evidence loops[WAYS];
	struct counters looped; /* by how much they grew meanwhile */
	enum report_evidence reports;
	enum querier querier;
	bool knows_arrivals; /* then: packets that came in by it */
	uint64_t arrivals;
};

/* Probes that are sent to the group, small and large ones by turns. */
#define EVIDENCE_PROBES 16

/* Another member of the group, as its packets and replies show it. */
struct member_evidence {
	struct address address;
	uint64_t id;
	unsigned heard;    /* packets of it that came by the group */
	unsigned small;    /* of our small probes, those that it heard */
	unsigned large;    /* and of the large ones */
	bool is_answering; /* it replied at all, by whatever way */
	bool has_direct;   /* to us alone, by unicast */
};

/* More members are as good as these. */
#define EVIDENCE_MEMBERS_MAX 32

/* More than any group is joined on. */
#define EVIDENCE_INTERFACES_MAX 64

struct evidence {
	struct address group;
	struct interface_evidence interfaces[EVIDENCE_INTERFACES_MAX];
	size_t interface_count;
	bool is_partial; /* netlink is denied: some may be missing */
	char routed[INTERFACE_NAME_SIZE]; /* where the kernel would send the
					   * group; empty: nowhere */

	int bind_error; /* errno of binding the port; 0: none */
	bool has_holder;
	unsigned holder; /* the user that has the port */

	size_t joined;      /* memberships that one socket got */
	int join_error;     /* errno of the first that it did not; 0: none */
	int join_limit;     /* of memberships; -1: not known */
	int buffer_asked;   /* bytes of SO_RCVBUF; granted in the same terms */
	int buffer_granted; /* 0: not known */
	int buffer_limit;   /* net.core.rmem_max; -1: not known */

	struct counters during; /* by how much they grew, all in all */
	struct member_evidence members[EVIDENCE_MEMBERS_MAX];
	size_t member_count;
	unsigned probes; /* that were sent to them, half of them large */
	unsigned others; /* members that were heard by any way */
};

#endif
