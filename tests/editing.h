/* SPDX-License-Identifier: ISC */
/*
 * A user at the line editor: the bytes of a program say what is typed, when
 * time passes, when the window changes and when messages come in.  After every
 * step the screen of an emulated terminal must show what the editor holds.
 */
#ifndef MCHAT_TESTS_EDITING_H
#define MCHAT_TESTS_EDITING_H

#include <stddef.h>
#include <stdint.h>

/* Plays a program; returns NULL, or what went wrong. */
const char *editing_play(const uint8_t *program, size_t size);

#endif
