/* SPDX-License-Identifier: ISC */
/* What is added about options: the sysctls that it names are there. */
#include "mchat/classroom/facts.h"

#include <string.h>

#include "tap.h"

static void test_sysctl(const char *option, const char *name)
{
	char value[256] = "";
	bool is_read = facts_read_sysctl(name, value, sizeof(value));

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
		const struct facts *facts = facts_find((enum sockopt_id)i);
		const char *name = sockopt_info((enum sockopt_id)i)->name;

		if (!facts)
			continue;
		tap_is_int(facts->id, i, name);
		tap_ok(facts->sysctls[0] || facts->remark, "%s: says something",
			name);
		for (size_t j = 0; j < 2 && facts->sysctls[j]; j++)
			test_sysctl(name, facts->sysctls[j]);
	}
}

static void test_values(void)
{
	char value[16];

	tap_ok(facts_read_sysctl(
		       "net.ipv4.ip_default_ttl", value, sizeof(value)) &&
			strspn(value, "0123456789") == strlen(value),
		"a number is read");
	tap_ok(!facts_read_sysctl("net.ipv4.nosuch", value, sizeof(value)),
		"one that is not there is not");
	tap_ok(!facts_find(SOCKOPT_SO_TYPE), "not every option needs a remark");
}

int main(void)
{
	test_facts();
	test_values();
	return tap_done();
}
