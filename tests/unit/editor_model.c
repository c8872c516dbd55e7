/* SPDX-License-Identifier: ISC */
/*
 * The line editor against an emulated terminal, which must show what the editor
 * holds, whatever is typed and whenever.  SEED replays, ROUNDS plays longer.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "editing.h"
#include "random.h"
#include "tap.h"

/* Programs that are played, and the bytes of each. */
#define ROUNDS       2000
#define PROGRAM_SIZE 400

int main(void)
{
	const char *given = getenv("ROUNDS");
	unsigned long rounds = given ? strtoul(given, NULL, 10) : ROUNDS;
	const char *wrong = NULL;
	unsigned long round;

	random_restart();
	for (round = 0; round < rounds && !wrong; round++) {
		uint8_t program[PROGRAM_SIZE];

		for (size_t i = 0; i < sizeof(program); i++)
			program[i] = (uint8_t)random_below(256);
		wrong = editing_play(program, sizeof(program));
	}
	if (!tap_ok(!wrong, "%lu programs show what is edited", rounds))
		tap_note("program %lu of SEED=%" PRIu64 ": %s", round,
			random_seed(), wrong);
	return tap_done();
}
