/* SPDX-License-Identifier: ISC */
/* Experiments: how a connection ends, and begins again. */
#ifndef MCHAT_CLASSROOM_LAB_CONNECTION_H
#define MCHAT_CLASSROOM_LAB_CONNECTION_H

struct lab;

void experiment_keepalive(struct lab *lab);
void experiment_linger(struct lab *lab);
void experiment_shutdown(struct lab *lab);
void experiment_reuseaddr(struct lab *lab);
void experiment_inherit(struct lab *lab);

#endif
