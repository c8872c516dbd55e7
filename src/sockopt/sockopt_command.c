/* SPDX-License-Identifier: ISC */
#include "mchat/sockopt/sockopt_command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mchat/base/buffer.h"
#include "mchat/commands/subcommand.h"
#include "mchat/commands/textbook.h"
#include "mchat/io/diagnostics.h"
#include "mchat/network/call.h"
#include "mchat/network/error.h"
#include "mchat/network/sockopt.h"
#include "mchat/network/sockopt_parse.h"
#include "mchat/sockopt/foreign_option.h"
#include "mchat/sockopt/probe.h"
#include "mchat/sockopt/sockopt_show.h"
#include "mchat/terminal/tty.h"
#include "mchat/view/wrap.h"

/* Options without a short form. */
enum {
	OPTION_UDP = 256,
	OPTION_TCP,
	OPTION_CHAPTER,
};

static const struct option options[] = {
	{"udp", no_argument, NULL, OPTION_UDP},
	{"tcp", no_argument, NULL, OPTION_TCP},
	{"chapter", no_argument, NULL, OPTION_CHAPTER},
	{"format", required_argument, NULL, 'f'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

static const struct subcommand command = {"sockopt", ":46f:h", options};

/* NAME or NAME=VALUE. */
struct operand {
	enum sockopt_id id;
	bool has_value;
	struct sockopt_value value;
};

struct request {
	struct sockopt_style style;
	bool is_chapter; /* only those options that textbooks have */
	bool is_ipv6;
	bool kinds[PROBE_KINDS]; /* those named; none: what the option is for */
	struct operand *operands; /* owned */
	size_t operand_count;
};

static const char *name_at(size_t index)
{
	return sockopt_info((enum sockopt_id)index)->name;
}

static void print_help(void)
{
	fputs("mchat sockopt: show and change socket options\n"
	      "\n"
	      "usage: mchat sockopt [OPTION]... [NAME[=VALUE]]...\n"
	      "\n"
	      "Without a NAME, lists every option with what a fresh socket "
	      "has; with NAMEs,\nshows each in depth; with NAME=VALUE, sets it "
	      "and shows before, asked, after.\nAll act in turn on the same "
	      "sockets, a UDP and a TCP one.\n"
	      "\n"
	      "      --udp                on a UDP socket [those it is for]\n"
	      "      --tcp                on a TCP socket\n"
	      "  -4, -6                   IPv4 or IPv6 sockets [4]\n"
	      "      --chapter            list those that textbooks have\n"
	      "  -f, --format text|json   what stdout gets [text]\n"
	      "  -h, --help               show this\n"
	      "\n"
	      "Exit status: 0 done, 1 the kernel refused, 2 wrong usage.\n"
	      "\n"
	      "  mchat sockopt                        the whole table\n"
	      "  mchat sockopt SO_RCVBUF              one in depth\n"
	      "  mchat sockopt --udp SO_RCVBUF=1024   what becomes of it?\n"
	      "  mchat sockopt IP_ADD_MEMBERSHIP=239.1.2.3,lo\n",
		stdout);
}

/* ---- reading the command line ---- */

/* -1 to go on, or the exit status. */
static int read_options(int argc, char *argv[], struct request *request)
{
	int code;

	while ((code = subcommand_next_option(&command, argc, argv)) != -1) {
		switch (code) {
		case OPTION_UDP:
			request->kinds[PROBE_UDP] = true;
			break;
		case OPTION_TCP:
			request->kinds[PROBE_TCP] = true;
			break;
		case OPTION_CHAPTER:
			request->is_chapter = true;
			break;
		case '4':
		case '6':
			request->is_ipv6 = code == '6';
			break;
		case 'f':
			if (!subcommand_read_format(
				    &command, optarg, &request->style.format))
				return SUBCOMMAND_USAGE;
			break;
		case 'h':
			print_help();
			return SUBCOMMAND_DONE;
		default:
			return SUBCOMMAND_USAGE;
		}
	}
	return -1;
}

/* What another system calls so is told; of a mistake, what it is near to. */
static void say_unknown(const char *word)
{
	const struct foreign_option *foreign = foreign_option_find(word);

	if (foreign)
		diagnostics_error("%s: the name on %s; here %s", word,
			foreign->system, foreign->here);
	else
		subcommand_say_unknown(
			"socket option", word, SOCKOPT_COUNT, name_at);
}

/* Reads `word`, which it cuts at the '='; false, after saying so, when it is
 * wrong. */
static bool read_operand(char *word, struct operand *out)
{
	char *value = strchr(word, '=');
	const struct sockopt *option;
	const char *problem;

	if (value)
		*value++ = '\0';
	if (!sockopt_find(word, &out->id)) {
		say_unknown(word);
		return false;
	}
	out->has_value = value != NULL;
	if (!value)
		return true;
	option = sockopt_info(out->id);
	problem = sockopt_parse(option, value, &out->value);
	if (problem && sockopt_form(option))
		diagnostics_error("%s=%s: %s; it is written %s=%s",
			option->name, value, problem, option->name,
			sockopt_form(option));
	else if (problem)
		diagnostics_error("%s=%s: %s", option->name, value, problem);
	return !problem;
}

static int read_operands(int count, char *words[], struct request *request)
{
	request->operands =
		calloc((size_t)count + 1, sizeof(*request->operands));
	if (!request->operands) {
		diagnostics_error("command line: %s", strerror(ENOMEM));
		return SUBCOMMAND_FAILED;
	}
	for (int i = 0; i < count; i++) {
		if (!read_operand(words[i],
			    &request->operands[request->operand_count++]))
			return SUBCOMMAND_USAGE;
	}
	return -1;
}

/* ---- doing it ---- */

/* Whether the kind was named, if any was; else whether the option is for it, if
 * it is for any; else every kind is. */
static bool is_wanted(const struct request *request,
	const struct sockopt *option, enum probe_kind kind)
{
	if (request->kinds[PROBE_UDP] || request->kinds[PROBE_TCP])
		return request->kinds[kind];
	return probe_applies(option, kind) ||
	       !(option->sockets & SOCKOPT_ON_ALL);
}

static void read_option(const struct request *request, struct probe *probe,
	enum sockopt_id id, struct sockopt_reading out[PROBE_KINDS])
{
	const struct sockopt *option = sockopt_info(id);

	for (int i = 0; i < PROBE_KINDS; i++) {
		enum probe_kind kind = (enum probe_kind)i;
		int fd;

		out[i] = (struct sockopt_reading){.kind = kind};
		out[i].is_asked = is_wanted(request, option, kind);
		if (!out[i].is_asked || !option->can_get)
			continue;
		fd = probe_socket(probe, kind, option->level);
		if (fd < 0 || sockopt_get(fd, id, &out[i].value) < 0)
			out[i].error = errno;
	}
}

static void say_refused(
	const char *call, enum sockopt_id id, enum probe_kind kind, int error)
{
	diagnostics_error("%s: %s, %s", call, error_name(error),
		probe_error_meaning(sockopt_info(id), kind, error));
}

static int show_option(const struct request *request, struct probe *probe,
	enum sockopt_id id, struct buffer *out)
{
	struct sockopt_reading readings[PROBE_KINDS];
	int status = SUBCOMMAND_DONE;

	read_option(request, probe, id, readings);
	sockopt_show_depth(&request->style, id, readings, out);
	for (int i = 0; i < PROBE_KINDS; i++) {
		char call[CALL_TEXT_SIZE];

		if (readings[i].error == 0)
			continue;
		snprintf(call, sizeof(call), "getsockopt(%s) on %s",
			sockopt_info(id)->name,
			probe_kind_name(readings[i].kind));
		say_refused(call, id, readings[i].kind, readings[i].error);
		status = SUBCOMMAND_FAILED;
	}
	return status;
}

/* Sets it on one socket; returns whether the kernel did it. */
static bool change_option(
	struct probe *probe, enum sockopt_id id, struct sockopt_change *change)
{
	const struct sockopt *option = sockopt_info(id);
	int fd = probe_socket(probe, change->kind, option->level);

	change->is_readable = fd >= 0 && option->can_get &&
			      sockopt_get(fd, id, &change->before) == 0;
	if (fd < 0 || sockopt_set(probe->log, fd, id, &change->asked,
			      "as asked") < 0) {
		change->error = errno;
		say_refused(
			probe->log->failed, id, change->kind, change->error);
	}
	if (change->is_readable && sockopt_get(fd, id, &change->after) < 0)
		change->is_readable = false;
	return change->error == 0;
}

static int apply(const struct request *request, struct probe *probe,
	const struct operand *operand, struct buffer *out)
{
	const struct sockopt *option = sockopt_info(operand->id);
	int status = SUBCOMMAND_DONE;

	for (int i = 0; i < PROBE_KINDS; i++) {
		struct sockopt_change change = {
			.kind = (enum probe_kind)i,
			.asked = operand->value,
		};

		if (!is_wanted(request, option, change.kind))
			continue;
		if (!change_option(probe, operand->id, &change))
			status = SUBCOMMAND_FAILED;
		sockopt_show_change(&request->style, operand->id, &change, out);
	}
	sockopt_show_notes(&request->style, operand->id, out);
	return status;
}

static void list_options(
	const struct request *request, struct probe *probe, struct buffer *out)
{
	sockopt_show_head(&request->style, out);
	for (int i = 0; i < SOCKOPT_COUNT; i++) {
		enum sockopt_id id = (enum sockopt_id)i;
		struct sockopt_reading readings[PROBE_KINDS];

		if (request->is_chapter &&
			!textbook_has_option(sockopt_info(id)->name))
			continue;
		read_option(request, probe, id, readings);
		sockopt_show_row(&request->style, id, readings, out);
	}
}

/* Prints at once, so that what stderr says about it appears next to it. */
static void print(struct buffer *out)
{
	fwrite(buffer_bytes(out), 1, buffer_size(out), stdout);
	fflush(stdout);
	buffer_consume(out, buffer_size(out));
}

static int run(const struct request *request)
{
	struct call_log log = {0};
	struct buffer out = BUFFER_EMPTY;
	struct probe probe;
	int status = SUBCOMMAND_DONE;

	probe_init(&probe, &log, request->is_ipv6);
	if (request->operand_count == 0)
		list_options(request, &probe, &out);
	for (size_t i = 0; i < request->operand_count; i++) {
		const struct operand *operand = &request->operands[i];
		int result = operand->has_value
				     ? apply(request, &probe, operand, &out)
				     : show_option(request, &probe, operand->id,
					       &out);

		status = result > status ? result : status;
		print(&out);
	}
	print(&out);
	probe_fini(&probe);
	if (out.failed) {
		diagnostics_error("%s", strerror(ENOMEM));
		status = SUBCOMMAND_FAILED;
	}
	buffer_fini(&out);
	return status;
}

int sockopt_command_run(int argc, char *argv[])
{
	struct request request = {
		.style = {.format = VIEW_TEXT,
			.columns = wrap_columns(
				tty_window_columns(STDOUT_FILENO))},
	};
	int status = read_options(argc, argv, &request);

	if (status < 0)
		status = read_operands(argc - optind, argv + optind, &request);
	if (status < 0)
		status = run(&request);
	free(request.operands);
	return subcommand_finish(status);
}
