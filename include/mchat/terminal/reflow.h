/* SPDX-License-Identifier: ISC */
/*
 * Whether the terminal is known, by the environment, to reflow: to go on in the
 * next row with what a narrower window has no room for.  Many do, but not
 * xterm, the console of Linux and screen(1); none says so when asked.
 */
#ifndef MCHAT_TERMINAL_REFLOW_H
#define MCHAT_TERMINAL_REFLOW_H

#include <stdbool.h>

/*
 * True for tmux, the terminals of VTE (GNOME and others), kitty, foot,
 * alacritty, wezterm, ghostty, konsole from 21.04 on, Windows Terminal and that
 * of VS Code.
 */
bool reflow_is_known(void);

#endif
