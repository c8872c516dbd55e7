/* SPDX-License-Identifier: ISC */
/* Notes on socket options: the sysctls that they name are there. */
#include "mchat/sockopt/option_notes.h"

#include <string.h>

#include "tap.h"
#include "mchat/network/sysctl.h"

static void test_sysctl(const char *option, const char *name)
{
	char value[256] = "";
	bool is_read = sysctl_read(name, value, sizeof(value));

	/* Older kernels show them to the first network namespace only. */
	if (!is_read && strncmp(name, "net.core.", 9) == 0)
		tap_skip(name, "not to be seen in this namespace");
	else
		tap_ok(is_read && value[0] != '\0' && !strchr(value, '\n'),
			"%s: %s is read", option, name);
}

static void test_facts(void)
{
	for (int i = 0; i < SOCKOPT_COUNT; i++) {
		const struct option_notes *notes =
			option_notes_find((enum sockopt_id)i);
		const char *name = sockopt_info((enum sockopt_id)i)->name;

		if (!notes)
			continue;
		tap_is_int(notes->id, i, name);
		tap_ok(notes->sysctls[0] || notes->remark, "%s: says something",
			name);
		for (size_t j = 0; j < 2 && notes->sysctls[j]; j++)
			test_sysctl(name, notes->sysctls[j]);
	}
}

static void test_values(void)
{
	char value[16];

	tap_ok(sysctl_read("net.ipv4.ip_default_ttl", value, sizeof(value)) &&
			strspn(value, "0123456789") == strlen(value),
		"a sysctl that is a number is read");
	tap_ok(!sysctl_read("net.ipv4.nosuch", value, sizeof(value)),
		"a sysctl that is not there is not read");
	tap_ok(!option_notes_find(SOCKOPT_SO_TYPE),
		"not every option needs a remark");
}

int main(void)
{
	test_facts();
	test_values();
	return tap_done();
}
