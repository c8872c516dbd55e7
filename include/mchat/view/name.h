/* SPDX-License-Identifier: ISC */
/* What a member is called. */
#ifndef MCHAT_VIEW_NAME_H
#define MCHAT_VIEW_NAME_H

struct buffer;
struct event_member;

/*
 * Appends the name of a member, safe to print: its nick, and the beginning of
 * its id when somebody else goes by the same nick.  A member without a nick is
 * named by its whole id.
 */
void name_append(struct buffer *out, const struct event_member *member);

/* Appends what stands behind the nick there: "#2f3a", or nothing. */
void name_append_tag(struct buffer *out, const struct event_member *member);

#endif
