/* SPDX-License-Identifier: ISC */
#include "mchat/commands/explain.h"

#include <errno.h>

#include "capture.h"
#include "tap.h"
#include "mchat/network/call.h"

static void narrate(unsigned columns, const struct call_record *record,
	const char *expected, const char *what)
{
	struct explain explain = {.columns = columns};
	struct capture capture;

	capture_begin(&capture);
	explain_print(&explain, record);
	tap_is_string(capture_end(&capture), expected, what);
}

int main(void)
{
	const struct call_record set = {
		.text = "setsockopt(3, IPPROTO_IP, IP_MULTICAST_TTL, 2)",
		.before = "1",
		.after = "2",
		.why = "how many networks a line may cross",
	};
	const struct call_record failed = {
		.text = "bind(3, 239.1.2.3:5000)",
		.result = -1,
		.error = EACCES,
		.why = "receive what is sent to the group and nothing else",
	};

	const struct call_record join = {
		.text = "setsockopt(3, IPPROTO_IP, IP_ADD_MEMBERSHIP, "
			"239.1.2.3 on lo)",
		.why = "join",
	};
	const struct call_record extra = {
		.text = "setsockopt(3, SOL_SOCKET, SO_RXQ_OVFL, 1)",
		.why = "count",
	};

	narrate(0, &set,
		"explain: setsockopt(3, IPPROTO_IP, IP_MULTICAST_TTL, 2) = 0"
		"                        was 1, is 2                   "
		"how many networks a line may cross [textbook]\n",
		"in a file a call is one row");
	narrate(200, &failed,
		"explain: bind(3, 239.1.2.3:5000) = -1 Permission denied"
		"                                                          "
		"receive what is sent to the group and nothing else "
		"[textbook]\n",
		"on a wide terminal a call is one row");
	narrate(80, &set,
		"explain: setsockopt(3, IPPROTO_IP, IP_MULTICAST_TTL, 2) = 0"
		"\n         was 1, is 2: how many networks a line may cross "
		"[textbook]\n",
		"on a narrow terminal a call is two rows");
	narrate(80, &failed,
		"explain: bind(3, 239.1.2.3:5000) = -1 Permission denied"
		"\n         receive what is sent to the group and nothing "
		"else [textbook]\n",
		"on a narrow terminal a call without values is two rows");
	narrate(0, &join,
		"explain: setsockopt(3, IPPROTO_IP, IP_ADD_MEMBERSHIP, "
		"239.1.2.3 on lo) = 0                                   "
		"    join [textbook]\n"
		"explain:     struct ip_mreq mreq = {.imr_multiaddr = "
		"239.1.2.3, .imr_interface = 127.0.0.1};\n",
		"a membership is shown as textbooks write it");
	narrate(0, &extra,
		"explain: setsockopt(3, SOL_SOCKET, SO_RXQ_OVFL, 1) = 0"
		"                                                           "
		"count\n",
		"what textbooks do not have has no mark");
	return tap_done();
}
