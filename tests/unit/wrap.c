/* SPDX-License-Identifier: ISC */
#include "mchat/commands/wrap.h"

#include <string.h>

#include "tap.h"
#include "mchat/base/buffer.h"

#define TEN "123456789 "
#define X70                                                                    \
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" \
	"xx"

static void test_case(const char *mark, int indent, const char *text,
	const char *expected, const char *what)
{
	struct buffer out = BUFFER_EMPTY;

	wrap_append(&out, mark, indent, text);
	buffer_append_char(&out, '\0');
	tap_is_string(buffer_bytes(&out), expected, what);
	buffer_fini(&out);
}

int main(void)
{
	test_case("1.", 4, "short", "1.  short\n", "the mark, then the text");
	test_case("", 0, "", "\n", "no text is an empty line");
	test_case("", 8, TEN TEN TEN TEN TEN TEN TEN "12",
		"        " TEN TEN TEN TEN TEN TEN "123456789\n        12\n",
		"text past the columns goes on under the text");
	test_case("", 8, TEN TEN TEN TEN TEN TEN TEN,
		"        " TEN TEN TEN TEN TEN TEN TEN "\n",
		"text that just fits stays on its line");
	test_case("", 70, X70 " y", /* a word of 70 where 8 fit */
		"                                        "
		"                              " X70
		"\n                                        "
		"                              y\n",
		"a word that is too long stays whole");
	test_case("", 70, X70,
		"                                        "
		"                              " X70 "\n",
		"a last word that is too long stays whole");
	test_case("", 0, "a\x1b[m", "a\\x1b[m\n",
		"what is unsafe is made visible");
	return tap_done();
}
