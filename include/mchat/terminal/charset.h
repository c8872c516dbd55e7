/* SPDX-License-Identifier: ISC */
/*
 * Whether the terminal takes what we print for UTF-8.  One that does not takes
 * some bytes of it for controls: in Latin-1 the second byte of a small e with
 * caron, 9B, is CSI, so that a message could steer the terminal.
 */
#ifndef MCHAT_TERMINAL_CHARSET_H
#define MCHAT_TERMINAL_CHARSET_H

/*
 * What to write to the terminal before the chat, and after it: strings of
 * static storage.  Empty where TERM is not set or dumb, and where the terminal
 * takes UTF-8 anyway: xterm says so in
 * XTERM_LOCALE, and for any other terminal the locale does (LC_ALL, LC_CTYPE or
 * LANG).  Else they switch it to UTF-8 (ECMA-35, ESC % G) and back.
 *
 * Where the locale is that of no user (C), a terminal may well take UTF-8 and
 * only the locale is not set: it is not switched back, which would be to what
 * it was not.
 */
const char *charset_begin(void);
const char *charset_end(void);

#endif
