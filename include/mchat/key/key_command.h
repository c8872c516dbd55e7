/* SPDX-License-Identifier: ISC */
/* mchat key: makes keys of private groups, and tells what they give. */
#ifndef MCHAT_KEY_KEY_COMMAND_H
#define MCHAT_KEY_KEY_COMMAND_H

/* argv[0] is "key"; returns the exit status. */
int key_command_run(int argc, char *argv[]);

#endif
