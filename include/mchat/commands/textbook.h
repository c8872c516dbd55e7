/* SPDX-License-Identifier: ISC */
/* What a textbook's chapter on socket options and multicast has. */
#ifndef MCHAT_COMMANDS_TEXTBOOK_H
#define MCHAT_COMMANDS_TEXTBOOK_H

#include <stdbool.h>

/* Whether the chapter has the socket option of this name. */
bool textbook_has_option(const char *name);

/*
 * Whether its multicast program makes a call like this one, as call_record has
 * it in words: "bind(3, 239.1.2.3:5000)".
 */
bool textbook_has_call(const char *call);

#endif
