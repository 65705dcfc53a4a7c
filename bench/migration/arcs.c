// SPDX-License-Identifier: GPL-2.0-only
/*
 * Duration of each of the 15 arcs, as the tracepoint vmp_arc has it: without
 * the system call around it, and without what is read or written in a state.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

#include "check.h"
#include "measures.h"
#include "result.h"
#include "sysfs.h"

#define TRACING "/sys/kernel/tracing"
#define ARC_EVENT TRACING "/events/vfio_mdev_pci/vmp_arc/enable"

#define NR_ARCS 15
#define MAX_SAMPLES 64

/* An arc and how long it took each time */
struct arc_times {
	unsigned int from;
	unsigned int to;
	unsigned long long ns[MAX_SAMPLES];
	unsigned int nr_samples;
};

struct all_times {
	struct arc_times arcs[NR_ARCS];
	unsigned int nr_arcs;
};

static const enum mig_state before_stop[] = {
	MIG_PRE_COPY, MIG_RUNNING, MIG_RUNNING_P2P, MIG_PRE_COPY_P2P,
	MIG_PRE_COPY, MIG_PRE_COPY_P2P, MIG_RUNNING_P2P, MIG_STOP,
	MIG_STOP_COPY,
};

static const enum mig_state with_precopy[] = {
	MIG_PRE_COPY, MIG_PRE_COPY_P2P, MIG_STOP_COPY, MIG_STOP,
	MIG_RUNNING_P2P, MIG_RUNNING,
};

static void go_through(struct client *client, const enum mig_state *states,
		       size_t nr_states)
{
	size_t i;

	for (i = 0; i < nr_states; i++)
		assert_done(mig_go(client, states[i]));
}

/* Each arc once at least, on the source or on the target */
static void take_all_arcs(struct pair *pair)
{
	struct cost cost = {};

	go_through(pair->source, before_stop, ARRAY_SIZE(before_stop));
	assert_done(mig_go(pair->target, MIG_RESUMING));
	pair_send_all(pair, &cost, NULL);
	assert_done(mig_go(pair->target, MIG_RUNNING));
	assert_done(mig_go(pair->source, MIG_RUNNING));
	go_through(pair->source, with_precopy, ARRAY_SIZE(with_precopy));
}

static struct arc_times *find(struct all_times *all, unsigned int from,
			      unsigned int to)
{
	unsigned int i;

	for (i = 0; i < all->nr_arcs; i++)
		if (all->arcs[i].from == from && all->arcs[i].to == to)
			return &all->arcs[i];
	assert_that(all->nr_arcs < NR_ARCS, "there is an arc too many: %s to %s",
		    mig_state_name(from), mig_state_name(to));
	all->arcs[i].from = from;
	all->arcs[i].to = to;
	all->nr_arcs++;
	return &all->arcs[i];
}

static void take_sample(struct all_times *all, const char *event)
{
	struct arc_times *arc;
	unsigned long long ns;
	unsigned int from;
	unsigned int to;
	int found;
	int ret;

	found = sscanf(event, "vmp_arc: %*s %u->%u duration_ns=%llu ret=%d",
		       &from, &to, &ns, &ret);
	assert_int_equal(found, 4);
	assert_int_equal(ret, 0);
	arc = find(all, from, to);
	if (arc->nr_samples < MAX_SAMPLES)
		arc->ns[arc->nr_samples++] = ns;
}

static void read_trace(struct all_times *all)
{
	FILE *trace = fopen(TRACING "/trace", "re");
	char line[512];
	const char *event;

	assert_non_null(trace);
	while (fgets(line, sizeof(line), trace)) {
		event = strstr(line, "vmp_arc: ");
		if (event)
			take_sample(all, event);
	}
	fclose(trace);
}

static void empty_trace(void)
{
	int fd = open(TRACING "/trace", O_WRONLY | O_TRUNC | O_CLOEXEC);

	assert_true(fd >= 0);
	close(fd);
}

static int compare(const void *a, const void *b)
{
	const unsigned long long *x = a;
	const unsigned long long *y = b;

	return (*x > *y) - (*x < *y);
}

static void report(const struct kind *kind, struct arc_times *arc)
{
	qsort(arc->ns, arc->nr_samples, sizeof(*arc->ns), compare);
	result_begin("arc");
	result_text("device", kind->name);
	result_text("from", mig_state_name(arc->from));
	result_text("to", mig_state_name(arc->to));
	result_number("samples", arc->nr_samples);
	result_number("min_ns", arc->ns[0]);
	result_number("median_ns", arc->ns[arc->nr_samples / 2]);
	result_end();
}

void every_arc_is_timed(struct fixture *fixture)
{
	struct all_times *all = calloc(1, sizeof(*all));
	struct pair pair = pair_open(fixture);
	unsigned int i;

	assert_non_null(all);
	mount("tracefs", TRACING, "tracefs", 0, NULL);
	if (!sysfs_exists("%s", ARC_EVENT))
		skip_because("this kernel has no tracepoints");
	fixture_set(fixture, "1", ARC_EVENT);
	empty_trace();
	for (i = 0; i < pair.kind->nr_tours; i++)
		take_all_arcs(&pair);
	read_trace(all);
	assert_int_equal(all->nr_arcs, NR_ARCS);
	for (i = 0; i < all->nr_arcs; i++)
		report(pair.kind, &all->arcs[i]);
	free(all);
}
