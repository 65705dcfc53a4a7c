/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The states of VFIO's migration protocol, version 2, as include/uapi/linux/
 * vfio.h draws them, and the way from one to another. The kernel's own table,
 * vfio_mig_get_next_state(), has no PRE_COPY before 6.2, so this is ours.
 */
#ifndef VMP_MIGRATION_FSM_H
#define VMP_MIGRATION_FSM_H

#include "compat/migration.h"

#define VMP_NR_STATES 8

/**
 * vmp_fsm_next() - the next state on the way to another
 * @from: current state, less than VMP_NR_STATES
 * @to: state to go to, less than VMP_NR_STATES
 *
 * Context: Any.
 * Return: a state that one arc leads to; VFIO_DEVICE_STATE_ERROR if there is
 *	no way.
 */
enum vfio_device_mig_state vmp_fsm_next(enum vfio_device_mig_state from,
					enum vfio_device_mig_state to);

/**
 * vmp_fsm_name() - how users call a state
 * @state: the state
 *
 * Context: Any.
 * Return: its name, for messages; "unknown" for others.
 */
const char *vmp_fsm_name(enum vfio_device_mig_state state);

/**
 * vmp_fsm_is_running() - may the device begin DMA by itself?
 * @state: the state
 *
 * Context: Any.
 * Return: whether.
 */
static inline bool vmp_fsm_is_running(enum vfio_device_mig_state state)
{
	return state == VFIO_DEVICE_STATE_RUNNING ||
	       state == VFIO_DEVICE_STATE_PRE_COPY;
}

#endif /* VMP_MIGRATION_FSM_H */
