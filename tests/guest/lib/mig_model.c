// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way from one state of a migration to another, searched for breadth first
 * among the arcs that the comment on enum vfio_device_mig_state in
 * <linux/vfio.h> describes, by the rules that it gives:
 *
 * - the shortest path;
 * - no state of the saving group (those that share a session) in the middle,
 *   but if the whole path is in the group, as that does not end the session;
 * - not from STOP_COPY to PRE_COPY or PRE_COPY_P2P, by no path;
 * - ERROR cannot be asked for, and only a reset leads out of it.
 */
#include "mig_model.h"

#include <stddef.h>

#include "check.h"

/* All flags of VFIO_DEVICE_FEATURE_MIGRATION are assumed to be there. */
static const struct arc {
	enum mig_state from;
	enum mig_state to;
	bool begins_session;
} arcs[] = {
	{ MIG_RUNNING_P2P, MIG_STOP, false },
	{ MIG_STOP_COPY, MIG_STOP, false },
	{ MIG_RESUMING, MIG_STOP, false },
	{ MIG_PRE_COPY, MIG_RUNNING, false },
	{ MIG_RUNNING_P2P, MIG_RUNNING, false },
	{ MIG_PRE_COPY_P2P, MIG_RUNNING_P2P, false },
	{ MIG_RUNNING, MIG_RUNNING_P2P, false },
	{ MIG_STOP, MIG_RUNNING_P2P, false },
	{ MIG_RUNNING, MIG_PRE_COPY, true },
	{ MIG_RUNNING_P2P, MIG_PRE_COPY_P2P, true },
	{ MIG_STOP, MIG_STOP_COPY, true },
	{ MIG_PRE_COPY, MIG_PRE_COPY_P2P, false },
	{ MIG_PRE_COPY_P2P, MIG_PRE_COPY, false },
	{ MIG_PRE_COPY_P2P, MIG_STOP_COPY, false },
	{ MIG_STOP, MIG_RESUMING, true },
};

static const char * const names[MIG_NR_STATES] = {
	[MIG_ERROR] = "ERROR",
	[MIG_STOP] = "STOP",
	[MIG_RUNNING] = "RUNNING",
	[MIG_STOP_COPY] = "STOP_COPY",
	[MIG_RESUMING] = "RESUMING",
	[MIG_RUNNING_P2P] = "RUNNING_P2P",
	[MIG_PRE_COPY] = "PRE_COPY",
	[MIG_PRE_COPY_P2P] = "PRE_COPY_P2P",
};

const char *mig_state_name(unsigned int state)
{
	return state < MIG_NR_STATES ? names[state] : "no state";
}

bool mig_model_is_saving(enum mig_state state)
{
	return state == MIG_PRE_COPY || state == MIG_PRE_COPY_P2P ||
	       state == MIG_STOP_COPY;
}

static bool is_permitted(enum mig_state from, enum mig_state to)
{
	if (from == MIG_ERROR || to == MIG_ERROR)
		return false;
	return from != MIG_STOP_COPY ||
	       (to != MIG_PRE_COPY && to != MIG_PRE_COPY_P2P);
}

/* May a path between two states go through this one? */
static bool may_be_inside(enum mig_state state, enum mig_state from,
			  enum mig_state to)
{
	return !mig_model_is_saving(state) ||
	       (mig_model_is_saving(from) && mig_model_is_saving(to));
}

static const struct arc *find_arc(enum mig_state from, enum mig_state to)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(arcs); i++)
		if (arcs[i].from == from && arcs[i].to == to)
			return &arcs[i];
	return NULL;
}

/* Where each state was reached from first; MIG_NR_STATES if it was not. */
static void search(enum mig_state from, enum mig_state to,
		   enum mig_state before[MIG_NR_STATES])
{
	enum mig_state queue[MIG_NR_STATES] = { from };
	unsigned int nr_queued = 1;
	unsigned int i;
	size_t arc;

	for (i = 0; i < MIG_NR_STATES; i++)
		before[i] = MIG_NR_STATES;
	before[from] = from;
	for (i = 0; i < nr_queued; i++) {
		if (queue[i] != from && !may_be_inside(queue[i], from, to))
			continue;
		for (arc = 0; arc < ARRAY_SIZE(arcs); arc++) {
			if (arcs[arc].from != queue[i] ||
			    before[arcs[arc].to] != MIG_NR_STATES)
				continue;
			before[arcs[arc].to] = queue[i];
			queue[nr_queued++] = arcs[arc].to;
		}
	}
}

struct mig_path mig_model_path(enum mig_state from, enum mig_state to)
{
	enum mig_state before[MIG_NR_STATES];
	struct mig_path path = {};
	enum mig_state state;
	unsigned int i;

	search(from, to, before);
	path.is_refused = !is_permitted(from, to) ||
			  before[to] == MIG_NR_STATES;
	if (path.is_refused || from == to)
		return path;
	for (state = to; state != from; state = before[state])
		path.nr_states++;
	for (state = to, i = path.nr_states; i; state = before[state])
		path.states[--i] = state;
	path.has_fd = find_arc(before[to], to)->begins_session;
	return path;
}
