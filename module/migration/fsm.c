// SPDX-License-Identifier: GPL-2.0-only
/*
 * The states of VFIO's migration protocol, and the way from one to another.
 */

#include <linux/kernel.h>

#include "fsm.h"

#define ERROR	VFIO_DEVICE_STATE_ERROR
#define STOP	VFIO_DEVICE_STATE_STOP
#define RUN	VFIO_DEVICE_STATE_RUNNING
#define COPY	VFIO_DEVICE_STATE_STOP_COPY
#define RESUME	VFIO_DEVICE_STATE_RESUMING
#define P2P	VFIO_DEVICE_STATE_RUNNING_P2P
#define PRE	VFIO_DEVICE_STATE_PRE_COPY
#define PRE_P2P	VFIO_DEVICE_STATE_PRE_COPY_P2P

/*
 * The shortest way, by the rules of the comment on enum vfio_device_mig_state
 * in include/uapi/linux/vfio.h: no state with a data file in the middle, and
 * once stopped, no way back to PRE_COPY without running first.
 */
static const u8 next_state[VMP_NR_STATES][VMP_NR_STATES] = {
	/* to:	       ERROR, STOP, RUN,  COPY,    RESUME, P2P,  PRE,   PRE_P2P */
	[ERROR]   = { ERROR, ERROR, ERROR, ERROR,  ERROR, ERROR, ERROR, ERROR },
	[STOP]    = { ERROR, STOP, P2P,  COPY,     RESUME, P2P,  P2P,   P2P },
	[RUN]     = { ERROR, P2P,  RUN,  P2P,      P2P,    P2P,  PRE,   P2P },
	[COPY]    = { ERROR, STOP, STOP, COPY,     STOP,   STOP, ERROR, ERROR },
	[RESUME]  = { ERROR, STOP, STOP, STOP,     RESUME, STOP, STOP,  STOP },
	[P2P]     = { ERROR, STOP, RUN,  STOP,     STOP,   P2P,  RUN,   PRE_P2P },
	[PRE]     = { ERROR, RUN,  RUN,  PRE_P2P,  RUN,    RUN,  PRE,   PRE_P2P },
	[PRE_P2P] = { ERROR, P2P,  P2P,  COPY,     P2P,    P2P,  PRE,   PRE_P2P },
};

static const char * const state_names[VMP_NR_STATES] = {
	[ERROR] = "ERROR",
	[STOP] = "STOP",
	[RUN] = "RUNNING",
	[COPY] = "STOP_COPY",
	[RESUME] = "RESUMING",
	[P2P] = "RUNNING_P2P",
	[PRE] = "PRE_COPY",
	[PRE_P2P] = "PRE_COPY_P2P",
};

enum vfio_device_mig_state vmp_fsm_next(enum vfio_device_mig_state from,
					enum vfio_device_mig_state to)
{
	return next_state[from][to];
}

const char *vmp_fsm_name(enum vfio_device_mig_state state)
{
	if ((unsigned int)state >= ARRAY_SIZE(state_names))
		return "unknown";

	return state_names[state];
}
