// SPDX-License-Identifier: GPL-2.0-only
/*
 * How far it is: shown on a terminal's stderr if it takes over a second.
 */
#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "words.h"

#define PATIENCE_S 1.0
#define INTERVAL_S 0.2

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

void progress_begin(struct progress *progress, uint64_t all_bytes)
{
	*progress = (struct progress) {
		.begin_s = now_s(),
		.all_bytes = all_bytes,
	};
}

static void show(struct progress *progress, double took_s)
{
	char rate[32];
	char done[32];

	fprintf(stderr, "\r%s, %s/s", words_bytes(progress->bytes, done,
						  sizeof(done)),
		words_bytes(progress->bytes / took_s, rate, sizeof(rate)));
	/* What is announced is an estimate. */
	if (progress->all_bytes && progress->bytes <= progress->all_bytes)
		fprintf(stderr, ", %.0f %%",
			100.0 * progress->bytes / progress->all_bytes);
	fputs("\033[K", stderr);
}

void progress_add(struct progress *progress, uint64_t bytes)
{
	double now = now_s();

	progress->bytes += bytes;
	if (now - progress->begin_s < PATIENCE_S ||
	    now - progress->shown_s < INTERVAL_S || !isatty(STDERR_FILENO))
		return;
	show(progress, now - progress->begin_s);
	progress->shown_s = now;
	progress->is_shown = true;
}

double progress_end(struct progress *progress)
{
	if (progress->is_shown)
		fputs("\r\033[K", stderr);
	return now_s() - progress->begin_s;
}
