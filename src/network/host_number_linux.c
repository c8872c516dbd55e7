/* SPDX-License-Identifier: ISC */
/* A boot has a random id (random(4)), and a network namespace, which is a host
 * to all others, an inode number within it (namespaces(7)). */
#include "mchat/network/host_number.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define BOOT_ID   "/proc/sys/kernel/random/boot_id"
#define NAMESPACE "/proc/self/ns/net"

/* FNV-1a, by its authors: 64 bits. */
#define HASH_BEGIN  UINT64_C(0xcbf29ce484222325)
#define HASH_FACTOR UINT64_C(0x100000001b3)

static uint64_t hash(uint64_t state, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < size; i++)
		state = (state ^ at[i]) * HASH_FACTOR;
	return state;
}

uint64_t host_number(void)
{
	FILE *file = fopen(BOOT_ID, "re");
	char line[64] = "";
	struct stat status;
	uint64_t inode;
	bool is_read = file && fgets(line, sizeof(line), file);

	if (file)
		fclose(file);
	if (!is_read || stat(NAMESPACE, &status) < 0)
		return 0;
	inode = (uint64_t)status.st_ino;
	return hash(hash(HASH_BEGIN, line, strlen(line)), &inode,
		       sizeof(inode)) |
	       1;
}
