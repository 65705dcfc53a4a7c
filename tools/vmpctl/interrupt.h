/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ctrl-C and its like: noticed, so that what was begun can be put back.
 */
#ifndef VMPCTL_INTERRUPT_H
#define VMPCTL_INTERRUPT_H

#include <stdbool.h>

/* From now on SIGINT, SIGTERM and SIGHUP end no process. */
void interrupt_catch(void);

/* Has one come? */
bool interrupt_came(void);

#endif /* VMPCTL_INTERRUPT_H */
