/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How wrap and unwrap begin: the function that is meant, what is written down of
 * it, and nobody else at work on it.
 */
#ifndef VMPCTL_WORK_H
#define VMPCTL_WORK_H

#include "job.h"

/**
 * struct machine - what was found
 * @inventory: all functions
 * @fn: the one that is meant
 * @lock: descriptor that keeps others off, -1 if only a plan is asked for
 */
struct machine {
	struct inventory inventory;
	const struct function *fn;
	int lock;
};

/*
 * Find the function @name, for @command; without @is_dry, as root, keep others
 * off, and catch signals. Return: STATUS_DONE with @machine and @job, which are
 * to be ended; or what fail() has said, and there is nothing to be ended.
 */
enum status work_begin(struct machine *machine, struct job *job,
		       const struct command *command, const char *name,
		       bool is_dry);

void work_end(struct machine *machine, struct job *job);

#endif /* VMPCTL_WORK_H */
