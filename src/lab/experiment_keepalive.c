/* SPDX-License-Identifier: ISC */
#include "mchat/lab/experiments.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "mchat/io/clock.h"
#include "mchat/lab/lab_network.h"
#include "mchat/lab/lab_socket.h"
#include "mchat/lab/lab_transfer.h"
#include "mchat/network/error.h"

/* ---- keepalive ---- */

/* Seconds: one of silence, then two probes, one each second. */
#define KEEP_IDLE     1
#define KEEP_INTERVAL 1
#define KEEP_COUNT    2

/* Probes go out by timers that may be late. */
#define KEEP_LIMIT_MS 8000

/* Two connections of 3 s each, one after the other. */
#define KEEPALIVE_S 7

/* What the whole may take on a host that is very busy. */
#define KEEPALIVE_LIMIT_S 45

/* Well before this an answered probe shows. */
#define ANSWER_MS 8000

static void set_short_times(struct lab *lab, int fd)
{
	lab_set(lab, fd, SOCKOPT_TCP_KEEPIDLE, KEEP_IDLE,
		"seconds of silence before the first probe");
	lab_set(lab, fd, SOCKOPT_TCP_KEEPINTVL, KEEP_INTERVAL,
		"seconds between probes");
	lab_set(lab, fd, SOCKOPT_TCP_KEEPCNT, KEEP_COUNT,
		"probes without an answer");
	lab_set(lab, fd, SOCKOPT_SO_KEEPALIVE, 1, "and begin");
}

/* The defaults; 2 hours and 75 seconds are those of RFC 1122 and BSD. */
static void observe_defaults(struct lab *lab, int fd)
{
	lab_step(lab, "What the system does without being asked: 2 hours of "
		      "silence, then a probe every 75 seconds, and after 9 "
		      "without an answer the end.  BSD sends 8.");
	lab_get(lab, fd, SOCKOPT_SO_KEEPALIVE, "off at first");
	lab_observe(lab, "default_idle_s",
		lab_get(lab, fd, SOCKOPT_TCP_KEEPIDLE, "seconds of silence"));
	lab_observe(lab, "default_interval_s",
		lab_get(lab, fd, SOCKOPT_TCP_KEEPINTVL, "between probes"));
	lab_observe(lab, "default_probes",
		lab_get(lab, fd, SOCKOPT_TCP_KEEPCNT, "probes"));
}

/* Milliseconds since the peer acknowledged something, -1 if the kernel does not
 * say. */
static int64_t acknowledged_ms_ago(int fd)
{
	struct sockopt_value value;

	if (sockopt_get(fd, SOCKOPT_TCP_INFO, &value) < 0 ||
		!value.tcp.is_known)
		return -1;
	return value.tcp.last_acknowledged_ms;
}

/* Nobody writes; still the peer acknowledges something: the first probe. */
static bool probe_the_living(struct lab *lab, int fd)
{
	struct instant start = clock_now();
	int64_t quiet_ms = 0;
	int64_t ago_ms;
	bool has_answered = false;
	int error;

	lab_step(lab, "The peer lives, its program does nothing: its kernel "
		      "answers the probe with an ACK, and nobody notices.");
	while (!lab_has_failed(lab) && !has_answered && quiet_ms < ANSWER_MS) {
		poll(NULL, 0, 10);
		ago_ms = acknowledged_ms_ago(fd);
		quiet_ms = lab_ms_since(start);
		has_answered =
			ago_ms >= 0 && ago_ms + KEEP_IDLE * 1000 / 2 < quiet_ms;
	}
	error = lab_get(lab, fd, SOCKOPT_SO_ERROR, "still connected");
	lab_observe(lab, "alive_answer_after_ms", quiet_ms);
	lab_observe_text(lab, "alive", error ? error_name(error) : "none");
	lab_expect(lab, has_answered && error == 0,
		"an acknowledgement although nobody wrote");
	return has_answered;
}

/* What became of a connection, and after how long. */
struct verdict {
	int error;
	int64_t took_ms;
};

static struct verdict await_verdict(
	struct lab *lab, int fd, struct instant start, const char *key)
{
	struct verdict verdict = {0};

	lab_is_readable(lab, fd, KEEP_LIMIT_MS, "until an error");
	verdict.took_ms = lab_ms_since(start);
	verdict.error = lab_get(
		lab, fd, SOCKOPT_SO_ERROR, "what became of the connection");
	lab_observe_text(
		lab, key, verdict.error ? error_name(verdict.error) : "none");
	return verdict;
}

/* A connection from here to a server of that host. */
static struct lab_pair network_pair(struct lab *lab,
	const struct lab_network *network, enum lab_host host,
	const char *address)
{
	struct address where = lab_address(lab, address, 0);
	struct lab_pair pair;

	pair.listener =
		lab_network_socket(lab, network, host, SOCK_STREAM, "a server");
	lab_serve_at(lab, pair.listener, &where);
	pair.client = lab_network_socket(
		lab, network, LAB_HERE, SOCK_STREAM, "its client");
	pair.server = lab_meet(lab, pair.listener, pair.client);
	return pair;
}

/* A line of these files is much longer than others: 2.5 KiB on Linux 6.18. */
#define COUNTERS_SIZE 8192

/* A counter of the host here, from /proc/net/snmp or /proc/net/netstat; -1 when
 * it has none of that name.  A line of names is followed by one of values. */
static long read_counter(
	const struct lab_network *network, const char *file, const char *name)
{
	FILE *stream = lab_network_read(network, LAB_HERE, file);
	char names[COUNTERS_SIZE];
	char values[COUNTERS_SIZE];
	long count = -1;

	while (stream && count < 0 && fgets(names, sizeof(names), stream) &&
		fgets(values, sizeof(values), stream)) {
		char *rest_of_names;
		char *rest_of_values;
		char *each = strtok_r(names, " \n", &rest_of_names);
		char *value = strtok_r(values, " \n", &rest_of_values);

		while (each && value && strcmp(each, name) != 0) {
			each = strtok_r(NULL, " \n", &rest_of_names);
			value = strtok_r(NULL, " \n", &rest_of_values);
		}
		if (each && value)
			count = strtol(value, NULL, 10);
	}
	if (stream)
		fclose(stream);
	return count;
}

/* The two answers that need another host: at the same time, to save some. */
static void probe_over_network(
	struct lab *lab, const struct lab_network *network)
{
	struct lab_pair reset =
		network_pair(lab, network, LAB_ROUTER, LAB_ROUTER_NET0);
	struct lab_pair lost =
		network_pair(lab, network, LAB_FAR, LAB_FAR_NET2);
	struct instant start;
	struct verdict verdict;
	long messages;
	long ignored;

	set_short_times(lab, reset.client);
	set_short_times(lab, lost.client);
	start = clock_now();
	lab_network_forget(lab, network, reset.server);
	lab_network_cut_off(lab, network);

	lab_step(lab, "The peer lost power and has started again: it knows no "
		      "such connection and answers the probe with a reset.");
	verdict = await_verdict(lab, reset.client, start, "restarted");
	lab_observe(lab, "restarted_after_ms", verdict.took_ms);
	lab_expect(lab, verdict.error == ECONNRESET,
		"ECONNRESET, once a probe was answered with a reset");

	lab_step(lab, "The far host is cut off: the router answers the probes "
		      "with ICMP \"host unreachable\".  Textbooks have "
		      "EHOSTUNREACH for that; Linux says ETIMEDOUT, since what "
		      "the message quotes, the probe, is outside the window, "
		      "and so is not believed.");
	verdict = await_verdict(lab, lost.client, start, "unreachable");
	messages = read_counter(network, "snmp", "InDestUnreachs");
	ignored = read_counter(network, "netstat", "OutOfWindowIcmps");
	lab_observe(lab, "unreachable_after_ms", verdict.took_ms);
	lab_observe(lab, "icmp_messages", messages);
	lab_observe(lab, "icmp_out_of_window", ignored);
	lab_expect(lab,
		verdict.error == ETIMEDOUT && messages > 0 && ignored > 0,
		"ETIMEDOUT, although ICMP said that it is unreachable");
}

void experiment_keepalive(struct lab *lab)
{
	struct lab_network network;
	struct lab_pair pair;
	struct instant start;
	struct verdict verdict;

	lab_allow(KEEPALIVE_LIMIT_S);
	lab_step(lab, "This takes about %d seconds.", KEEPALIVE_S);
	pair = lab_pair_open(lab);
	observe_defaults(lab, pair.client);
	lab_step(lab, "Short times, so that we can watch.");
	set_short_times(lab, pair.client);
	/* Where no probe is sent, waiting for the rest shows nothing. */
	if (!probe_the_living(lab, pair.client))
		return;

	lab_step(lab, "The peer dies: it takes nothing with a TTL below 255 "
		      "any more and ours have 64, so it does not answer, as if "
		      "its power had failed.  We write nothing and wait.");
	lab_set(lab, pair.client, SOCKOPT_IP_TTL, 64, "as is usual");
	lab_set(lab, pair.server, SOCKOPT_IP_MINTTL, 255, "deaf to us");
	start = clock_now();
	verdict = await_verdict(lab, pair.client, start, "error");
	lab_observe(lab, "found_after_ms", verdict.took_ms);
	lab_expect(lab, verdict.error == ETIMEDOUT && verdict.took_ms >= 1000,
		"ETIMEDOUT, once the probes had no answer");
	if (lab_network_open(lab, &network))
		probe_over_network(lab, &network);
	lab_network_close(&network);
}
