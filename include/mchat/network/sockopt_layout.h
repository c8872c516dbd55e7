/* SPDX-License-Identifier: ISC */
/* How the kernel wants, and gives, those values that systems differ in. */
#ifndef MCHAT_NETWORK_SOCKOPT_LAYOUT_H
#define MCHAT_NETWORK_SOCKOPT_LAYOUT_H

struct sockopt_membership;
struct sockopt_raw;
struct sockopt_tcp;

/* What IP_ADD_MEMBERSHIP takes, and its C type. */
extern const char sockopt_layout_membership_type[];
void sockopt_layout_membership(
	const struct sockopt_membership *membership, struct sockopt_raw *out);

/* What IP_MULTICAST_IF takes. */
void sockopt_layout_interface(
	const struct sockopt_membership *membership, struct sockopt_raw *out);

/* Makes an int a byte where the option takes only that. */
void sockopt_layout_narrow(int level, int number, struct sockopt_raw *raw);

/* What TCP_INFO gave; all 0 where it is not known what that is. */
void sockopt_layout_tcp(const struct sockopt_raw *raw, struct sockopt_tcp *out);

#endif
