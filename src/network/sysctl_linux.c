/* SPDX-License-Identifier: ISC */
#include "mchat/network/sysctl.h"

#include <stdio.h>
#include <string.h>

bool sysctl_read(const char *name, char *out, size_t size)
{
	char path[128];
	FILE *file;
	bool is_read;

	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	for (char *dot = path; (dot = strchr(dot, '.')) != NULL;)
		*dot = '/';
	file = fopen(path, "re");
	if (!file)
		return false;
	is_read = fgets(out, (int)size, file) != NULL;
	fclose(file);
	if (is_read)
		out[strcspn(out, "\n")] = '\0';
	return is_read;
}
