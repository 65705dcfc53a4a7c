/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much memory the kernel has in use.
 */
#ifndef SCALE_USAGE_H
#define SCALE_USAGE_H

#include <stdint.h>

/**
 * struct usage - Memory in use
 * @slab_bytes: Objects in slabs, those that are free in a slab not counted
 * @all_bytes: Pages that are neither free nor a file's
 */
struct usage {
	uint64_t slab_bytes;
	uint64_t all_bytes;
};

/**
 * usage_take() - Take stock; fails the test if the kernel does not tell
 * @usage: Where it goes
 *
 * Has the kernel give back first what it could give back.
 */
void usage_take(struct usage *usage);

/**
 * usage_subtract() - What was used more
 * @used: The difference; 0 where less is used
 * @after: Taken after
 * @before: Taken before
 */
void usage_subtract(struct usage *used, const struct usage *after,
		    const struct usage *before);

#endif
