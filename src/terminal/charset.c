/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/charset.h"

#include <langinfo.h>
#include <locale.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define UTF8_ON  "\033%G"
#define UTF8_OFF "\033%@"

enum charset {
	CHARSET_UTF8,
	CHARSET_OTHER,
	CHARSET_UNKNOWN, /* ASCII: nobody said anything */
};

static enum charset charset_of_codeset(const char *codeset)
{
	if (strcasecmp(codeset, "UTF-8") == 0 ||
		strcasecmp(codeset, "utf8") == 0)
		return CHARSET_UTF8;
	/* The names of ASCII in glibc, musl and the BSDs. */
	if (strcasecmp(codeset, "ANSI_X3.4-1968") == 0 ||
		strcasecmp(codeset, "US-ASCII") == 0 ||
		strcasecmp(codeset, "ASCII") == 0)
		return CHARSET_UNKNOWN;
	return CHARSET_OTHER;
}

/* What the name of a locale says: de_DE.UTF-8@euro. */
static enum charset charset_of_name(const char *name)
{
	const char *codeset = strchr(name, '.');
	char copy[32];
	size_t size;

	if (!codeset)
		return CHARSET_UNKNOWN;
	codeset++;
	size = strcspn(codeset, "@");
	if (size >= sizeof(copy))
		return CHARSET_OTHER;
	memcpy(copy, codeset, size);
	copy[size] = '\0';
	return charset_of_codeset(copy);
}

/* The name goes first: the locale need not be installed, and musl, which has
 * UTF-8 only, takes any name for that. */
static enum charset charset_of_locale(const char *name)
{
	enum charset charset = charset_of_name(name);
	locale_t locale;

	if (charset != CHARSET_UNKNOWN)
		return charset;
	locale = newlocale(LC_CTYPE_MASK, name, (locale_t)0);
	if (!locale)
		return CHARSET_UNKNOWN;
	charset = charset_of_codeset(nl_langinfo_l(CODESET, locale));
	freelocale(locale);
	return charset;
}

/* The locale of this process, as setlocale finds it. */
static const char *locale_name(void)
{
	static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *name = getenv(variables[i]);

		if (name && *name)
			return name;
	}
	return "C";
}

/* The terminal's own word on it, where it is an xterm and nothing is between.
 */
static const char *xterm_locale(void)
{
	const char *term = getenv("TERM");

	if (!term || strncmp(term, "xterm", strlen("xterm")) != 0)
		return NULL;
	return getenv("XTERM_LOCALE");
}

/* Also says so of one that knows no sequences: there is nothing to switch. */
static bool takes_utf8(void)
{
	const char *xterm = xterm_locale();
	const char *term = getenv("TERM");

	if (!term || !*term || strcmp(term, "dumb") == 0)
		return true;
	return charset_of_locale(xterm ? xterm : locale_name()) == CHARSET_UTF8;
}

const char *charset_begin(void)
{
	return takes_utf8() ? "" : UTF8_ON;
}

const char *charset_end(void)
{
	if (takes_utf8())
		return "";
	return xterm_locale() ||
			       charset_of_locale(locale_name()) == CHARSET_OTHER
		       ? UTF8_OFF
		       : "";
}
