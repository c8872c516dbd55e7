/* SPDX-License-Identifier: ISC */
/* What somebody who is alone is told. */
#include "mchat/chat/alone.h"

#include <errno.h>
#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/interfaces/interface_set.h"
#include "tap.h"

static struct interface_set interfaces;
static struct address group;

static void says(
	struct alone_facts facts, const char *expected, const char *what)
{
	struct buffer out = BUFFER_EMPTY;

	facts.group = &group;
	facts.interfaces = &interfaces;
	alone_append(&facts, &out);
	buffer_append_char(&out, '\0');
	tap_is_string(buffer_bytes(&out), expected, what);
	buffer_fini(&out);
}

static void add(const char *name)
{
	struct interface it = {.index = (unsigned)interfaces.count + 1};

	strcpy(it.name, name);
	interface_set_add(&interfaces, &it, false);
}

int main(void)
{
	(void)address_parse("239.255.77.67", &group);
	group.port = 62428;
	add("eth0");
	says((struct alone_facts){0},
		"mchat called on 239.255.77.67:62428 by eth0; if somebody "
		"should be there, `mchat doctor` looks for the cause",
		"where it was, and what to do");
	says((struct alone_facts){.refused = EPERM, .is_deaf = true},
		"what is sent is refused (EPERM, a firewall on this host "
		"refuses it); `mchat doctor` looks for the cause",
		"what is sent is refused");
	says((struct alone_facts){.is_deaf = true, .filtered = 2},
		"what this host sends does not even come back to it: a "
		"firewall here drops UDP port 62428; `mchat doctor` looks for "
		"the cause",
		"nothing comes in");
	says((struct alone_facts){.filtered = 2},
		"2 datagrams came that the kernel dropped, since its route "
		"back to their sender is another (rp_filter); `mchat doctor` "
		"looks for the cause",
		"rp_filter");
	add("eth1");
	says((struct alone_facts){0},
		"mchat called on 239.255.77.67:62428 by eth0 and eth1; if "
		"somebody should be there, `mchat doctor` looks for the cause",
		"on two interfaces");
	add("eth2");
	says((struct alone_facts){0},
		"mchat called on 239.255.77.67:62428 by eth0 and 2 more; if "
		"somebody should be there, `mchat doctor` looks for the cause",
		"on three");
	return tap_done();
}
