/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How far it is: shown on a terminal's stderr if it takes over a second.
 */
#ifndef VMPCTL_PROGRESS_H
#define VMPCTL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct progress - something that takes its time
 * @begin_s: when it began
 * @shown_s: when it was last shown
 * @bytes: how far it is
 * @all_bytes: how far it will go, 0 if nobody knows
 * @is_shown: there is something on the terminal
 */
struct progress {
	double begin_s;
	double shown_s;
	uint64_t bytes;
	uint64_t all_bytes;
	bool is_shown;
};

void progress_begin(struct progress *progress, uint64_t all_bytes);

/* So many bytes more. */
void progress_add(struct progress *progress, uint64_t bytes);

/* Take it off the terminal. Return: how long it took, in seconds. */
double progress_end(struct progress *progress);

#endif /* VMPCTL_PROGRESS_H */
