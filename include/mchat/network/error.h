/* SPDX-License-Identifier: ISC */
/* The errors of socket calls by name, and what they mean there. */
#ifndef MCHAT_NETWORK_ERROR_H
#define MCHAT_NETWORK_ERROR_H

/* "ENOPROTOOPT"; "an error without a name" when it is not one of sockets. */
const char *error_name(int error);

/* What it means of this call, written out as call_record.text is: the same
 * errno says one thing of bind(2) and another of IP_ADD_MEMBERSHIP. */
const char *error_meaning_in(const char *call, int error);

#endif
