/* SPDX-License-Identifier: ISC */
/*
 * Runs a command on a system that lacks something: "denied WHAT... -- COMMAND".
 * WHAT is netlink or ipv6 (the address families), getrandom, sendmmsg,
 * recvmmsg, unshare, or LEVEL:NUMBER, a socket option.  The filter (seccomp(2))
 * stays with the command.  Exits with 77 where the system has no filters.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As linux/filter.h, linux/bpf_common.h and linux/seccomp.h have them, which
 * musl-gcc does not see. */
#define LOAD_WORD        0x20
#define JUMP_IF_EQUAL    0x15
#define RETURN           0x06
#define FILTER_MODE      2
#define ANSWER_ERROR     0x00050000U
#define ANSWER_ALLOW     0x7fff0000U
#define OFFSET_NUMBER    0
#define OFFSET_ARGUMENTS 16

struct instruction {
	uint16_t code;
	uint8_t skip_if_true;
	uint8_t skip_if_false;
	uint32_t value;
};

struct program {
	uint16_t size;
	struct instruction *code;
};

#define RULES_MAX 32
#define RULE_SIZE 7 /* instructions of the longest rule */

struct filter {
	struct instruction code[RULES_MAX * RULE_SIZE + 1];
	uint16_t size;
};

static void add(
	struct filter *filter, uint16_t code, uint32_t value, unsigned to_skip)
{
	filter->code[filter->size++] = (struct instruction){
		.code = code,
		.skip_if_false = (uint8_t)to_skip,
		.value = value,
	};
}

/* The low half of an argument, on a little-endian machine. */
static uint32_t argument(unsigned number)
{
	return OFFSET_ARGUMENTS + 8 * number;
}

/* The call fails with `error`, where `count` arguments from `first` on are
 * these. */
static void deny(struct filter *filter, long call, int error, unsigned first,
	const uint32_t *values, unsigned count)
{
	add(filter, LOAD_WORD, OFFSET_NUMBER, 0);
	add(filter, JUMP_IF_EQUAL, (uint32_t)call, 2 * count + 1);
	for (unsigned i = 0; i < count; i++) {
		add(filter, LOAD_WORD, argument(first + i), 0);
		add(filter, JUMP_IF_EQUAL, values[i], 2 * (count - i - 1) + 1);
	}
	add(filter, RETURN, ANSWER_ERROR | (uint32_t)error, 0);
}

static void read_rule(struct filter *filter, const char *what)
{
	static const uint32_t netlink[] = {AF_NETLINK};
	static const uint32_t ipv6[] = {AF_INET6};
	uint32_t option[2] = {0};
	char *end;

	if (strcmp(what, "netlink") == 0) {
		deny(filter, SYS_socket, EAFNOSUPPORT, 0, netlink, 1);
	} else if (strcmp(what, "ipv6") == 0) {
		deny(filter, SYS_socket, EAFNOSUPPORT, 0, ipv6, 1);
	} else if (strcmp(what, "getrandom") == 0) {
		deny(filter, SYS_getrandom, ENOSYS, 0, NULL, 0);
	} else if (strcmp(what, "sendmmsg") == 0) {
		deny(filter, SYS_sendmmsg, ENOSYS, 0, NULL, 0);
	} else if (strcmp(what, "recvmmsg") == 0) {
		deny(filter, SYS_recvmmsg, ENOSYS, 0, NULL, 0);
	} else if (strcmp(what, "unshare") == 0) {
		deny(filter, SYS_unshare, EPERM, 0, NULL, 0);
	} else {
		option[0] = (uint32_t)strtoul(what, &end, 10);
		option[1] = *end ? (uint32_t)strtoul(end + 1, NULL, 10) : 0;
		deny(filter, SYS_setsockopt, ENOPROTOOPT, 1, option, 2);
	}
}

int main(int argc, char **argv)
{
	struct filter filter = {.size = 0};
	struct program program = {.code = filter.code};
	int i = 1;

	for (; i < argc && strcmp(argv[i], "--") != 0 && i <= RULES_MAX; i++)
		read_rule(&filter, argv[i]);
	if (i + 1 >= argc || strcmp(argv[i], "--") != 0)
		return 2;
	add(&filter, RETURN, ANSWER_ALLOW, 0);
	program.size = filter.size;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		prctl(PR_SET_SECCOMP, FILTER_MODE, &program) < 0) {
		perror("denied");
		return 77;
	}
	execvp(argv[i + 1], argv + i + 1);
	perror(argv[i + 1]);
	return 126;
}
