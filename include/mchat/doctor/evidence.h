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
	WAYS,          /* which the kernel loops back; members are reached by */
	WAY_UNICAST = WAYS,
	WAY_FAR, /* to the group, with a hop limit that crosses routers */
	MEMBER_WAYS
};

/* A small datagram fits every network, a large one fills an Ethernet frame. */
enum probe_class { PROBE_SMALL, PROBE_LARGE, PROBE_CLASSES };

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

/* Probes that are sent, and those of them that go to the group with a hop limit
 * of 1, as a chat's packets do: half of these are large. */
#define EVIDENCE_NUMBERS 48
#define EVIDENCE_PROBES  16

/* Another member of the group, as its packets and replies show it; or one that
 * is known by name, or from what others say, only. */
struct member_evidence {
	struct address address;
	uint64_t id;              /* 0: of one that was named: not known */
	unsigned interface_index; /* by which it was heard, or is told of; 0:
				   * not known */
	unsigned heard;           /* packets of it that came by the group */
	unsigned reached[MEMBER_WAYS][PROBE_CLASSES]; /* of our probes, those
						       * that it replied to */
	unsigned last[MEMBER_WAYS]; /* 1 more than the number of the last */
	unsigned unicasts[PROBE_CLASSES]; /* probes that went to it alone */
	unsigned by_group; /* replies of it that came by the group */
	unsigned direct;   /* and by unicast */
	bool is_answering; /* it replied at all, by whatever way */
	bool has_left;     /* it said so */
	bool is_doctor;    /* no chat, and so here for seconds only */
	bool is_named;     /* by the user (-s) */
	bool is_known;     /* and is one that is known by another address */
	bool is_gateway;   /* no member: whether it is there tells of others */
	bool is_listed;    /* another, on the same link, hears it: */
	struct address listed_by;
	int error; /* errno with which unicast to it failed; 0: none */
	int hops;  /* routers between; -1: not known */
	int64_t round_trip_us; /* the shortest; -1: not known */
	int64_t joined_s;      /* since it joined; -1: not known */
	uint32_t host;         /* what stands for its host; 0: not known */
};

/* More members are as good as these. */
#define EVIDENCE_MEMBERS_MAX 32

/* More than any group is joined on. */
#define EVIDENCE_INTERFACES_MAX 64

/* Addresses of this host; what is sent from a further one is taken for
 * another's, unless the sender says whose it is. */
#define EVIDENCE_OWN_MAX 128

struct evidence {
	struct address group;
	struct interface_evidence interfaces[EVIDENCE_INTERFACES_MAX];
	size_t interface_count;
	struct address own[EVIDENCE_OWN_MAX]; /* of this host */
	size_t own_count;
	bool is_partial; /* netlink is denied: some may be missing */
	char routed[INTERFACE_NAME_SIZE]; /* where the kernel would send the
					   * group; empty: nowhere */

	int bind_error; /* errno of binding the port; 0: none */
	bool has_holder;
	unsigned holder; /* the user that has the port */

	int socket_error;   /* errno of a socket of the family; 0: none */
	size_t joined;      /* memberships that one socket got */
	int join_error;     /* errno of the first that it did not; 0: none */
	int join_limit;     /* of memberships; -1: not known */
	int buffer_asked;   /* bytes of SO_RCVBUF; granted in the same terms */
	int buffer_granted; /* 0: not known */
	int buffer_limit;   /* net.core.rmem_max; -1: not known */

	struct counters during; /* by how much they grew, all in all */
	struct member_evidence members[EVIDENCE_MEMBERS_MAX];
	size_t member_count;
	unsigned sent[MEMBER_WAYS][PROBE_CLASSES]; /* not those by unicast */
	unsigned probes; /* of these to the group, with a hop limit of 1 */
	unsigned others; /* members that were heard by any way */
	bool has_double; /* another host has an address of ours, and this one
			  * says so: */
	struct address double_address;
	struct address double_told_by;
	bool has_other_version; /* somebody has another version of mchat: */
	struct address other_version;
	const struct address *sources; /* that alone are to be heard; borrowed
					*/
	size_t source_count;           /* 0: all */
};

#endif
