/* SPDX-License-Identifier: ISC */
/* As Linux does it: /proc/net/snmp, netstat, snmp6, dev and igmp (proc(5)). */
#include "mchat/network/counters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of /proc/net/netstat a line has about 2,000 columns, and more with each
 * kernel. */
#define LINE_SIZE 8192

/* Where a counter stands: in a file of pairs of lines, names above values, each
 * behind "Group:"; or with a group of NULL in one with a name a line. */
struct place {
	const char *file;
	const char *group;
	const char *name;
};

#define SNMP    "/proc/net/snmp"
#define NETSTAT "/proc/net/netstat"
#define SNMP6   "/proc/net/snmp6"

static const struct place ipv4[COUNTERS] = {
	[COUNTER_IN_RECEIVES] = {SNMP, "Ip:", "InReceives"},
	[COUNTER_IN_DELIVERS] = {SNMP, "Ip:", "InDelivers"},
	[COUNTER_IN_MULTICAST] = {NETSTAT, "IpExt:", "InMcastPkts"},
	[COUNTER_IN_MULTICAST_OCTETS] = {NETSTAT, "IpExt:", "InMcastOctets"},
	[COUNTER_OUT_MULTICAST] = {NETSTAT, "IpExt:", "OutMcastPkts"},
	[COUNTER_REVERSE_PATH] = {NETSTAT, "TcpExt:", "IPReversePathFilter"},
};

static const struct place ipv6[COUNTERS] = {
	[COUNTER_IN_RECEIVES] = {SNMP6, NULL, "Ip6InReceives"},
	[COUNTER_IN_DELIVERS] = {SNMP6, NULL, "Ip6InDelivers"},
	[COUNTER_IN_MULTICAST] = {SNMP6, NULL, "Ip6InMcastPkts"},
	[COUNTER_IN_MULTICAST_OCTETS] = {SNMP6, NULL, "Ip6InMcastOctets"},
	[COUNTER_OUT_MULTICAST] = {SNMP6, NULL, "Ip6OutMcastPkts"},
	[COUNTER_REPORTS_OUT] = {SNMP6, NULL, "Icmp6OutMLDv2Reports"},
	[COUNTER_REPORTS_OUT_V1] = {SNMP6, NULL, "Icmp6OutGroupMembResponses"},
	[COUNTER_QUERIES_IN] = {SNMP6, NULL, "Icmp6InGroupMembQueries"},
};

/* The word at *at, ended there; NULL behind the last. */
static char *next_word(char **at)
{
	char *word = *at + strspn(*at, " \t\n");

	if (!*word)
		return NULL;
	*at = word + strcspn(word, " \t\n");
	if (**at)
		*(*at)++ = '\0';
	return word;
}

static void keep(struct counters *out, size_t counter, const char *value)
{
	out->is_known[counter] = true;
	out->values[counter] = strtoull(value, NULL, 10);
}

/* Keeps the value if the name is one of those in this file. */
static void take(const struct place places[COUNTERS], const struct place *at,
	const char *value, struct counters *out)
{
	for (size_t i = 0; i < COUNTERS; i++) {
		const struct place *it = &places[i];
		bool is_of_group = it->group && at->group
					   ? strcmp(it->group, at->group) == 0
					   : it->group == at->group;

		if (it->name && strcmp(it->file, at->file) == 0 &&
			is_of_group && strcmp(it->name, at->name) == 0)
			keep(out, i, value);
	}
}

/* Reads a line of names and one of values. */
static void take_pair(const struct place places[COUNTERS], const char *file,
	char *names, char *values, struct counters *out)
{
	struct place at = {.file = file, .group = next_word(&names)};
	const char *value;

	if (!at.group || !next_word(&values))
		return;
	while ((at.name = next_word(&names)) != NULL &&
		(value = next_word(&values)) != NULL)
		take(places, &at, value, out);
}

static void read_pairs(const struct place places[COUNTERS], const char *path,
	struct counters *out)
{
	FILE *file = fopen(path, "re");
	char names[LINE_SIZE];
	char values[LINE_SIZE];

	while (file && fgets(names, sizeof(names), file) &&
		fgets(values, sizeof(values), file))
		take_pair(places, path, names, values, out);
	if (file)
		fclose(file);
}

static void read_lines(const struct place places[COUNTERS], const char *path,
	struct counters *out)
{
	FILE *file = fopen(path, "re");
	char line[LINE_SIZE];

	while (file && fgets(line, sizeof(line), file)) {
		char *at = line;
		struct place place = {.file = path, .name = next_word(&at)};
		const char *value = next_word(&at);

		if (place.name && value)
			take(places, &place, value, out);
	}
	if (file)
		fclose(file);
}

void counters_read(enum address_family family, struct counters *out)
{
	*out = (struct counters){0};
	if (family == ADDRESS_IPV6) {
		read_lines(ipv6, SNMP6, out);
		return;
	}
	read_pairs(ipv4, SNMP, out);
	read_pairs(ipv4, NETSTAT, out);
}

void counters_since(const struct counters *before, const struct counters *after,
	struct counters *out)
{
	for (size_t i = 0; i < COUNTERS; i++) {
		out->is_known[i] = before->is_known[i] && after->is_known[i];
		out->values[i] = out->is_known[i]
					 ? after->values[i] - before->values[i]
					 : 0;
	}
}

/* The number that is the next word; false when it is none. */
static bool take_number(char **at, uint64_t *out)
{
	char *word = next_word(at);
	char *end = word;

	if (!word)
		return false;
	*out = strtoull(word, &end, 10);
	return end != word && *end == '\0';
}

bool counters_interface_in(const char *interface, uint64_t *out)
{
	FILE *file = fopen("/proc/net/dev", "re");
	char line[LINE_SIZE];
	bool is_found = false;

	/* "  eth0: bytes packets ..." */
	while (file && !is_found && fgets(line, sizeof(line), file)) {
		char *name = line + strspn(line, " ");
		char *at = strchr(name, ':');
		uint64_t bytes;

		if (!at)
			continue;
		*at++ = '\0';
		is_found = strcmp(name, interface) == 0 &&
			   take_number(&at, &bytes) && take_number(&at, out);
	}
	if (file)
		fclose(file);
	return is_found;
}

/* The version in a line of an interface, "2	eth0      :     3      V3",
 * below which its groups stand; 0 when it is another line. */
static int version_of(char *line, const char *interface)
{
	char *at = line;
	const char *name;
	const char *version = NULL;

	(void)next_word(&at);
	name = next_word(&at);
	if (!name || strcmp(name, interface) != 0)
		return 0;
	for (int i = 0; i < 3; i++)
		version = next_word(&at);
	return version && *version == 'V' ? version[1] - '0' : 0;
}

int counters_igmp_version(const char *interface)
{
	FILE *file = fopen("/proc/net/igmp", "re");
	char line[LINE_SIZE];
	int version = 0;

	while (file && version == 0 && fgets(line, sizeof(line), file))
		version = version_of(line, interface);
	if (file)
		fclose(file);
	return version;
}
