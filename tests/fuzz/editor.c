/* SPDX-License-Identifier: ISC */
/*
 * libFuzzer target: the input is a program for a user at the line editor, and
 * an emulated terminal is the judge.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "editing.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const char *wrong = editing_play(bytes, size);

	if (wrong) {
		fprintf(stderr, "%s\n", wrong);
		abort();
	}
	return 0;
}
