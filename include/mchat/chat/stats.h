/* SPDX-License-Identifier: ISC */
/* What came and went so far, as numbers with names. */
#ifndef MCHAT_CHAT_STATS_H
#define MCHAT_CHAT_STATS_H

struct inbound;
struct outbound;

/* Shows them as an event. */
void stats_show(const struct outbound *outbound, const struct inbound *inbound);

#endif
