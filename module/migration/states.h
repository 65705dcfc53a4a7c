/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What each arc of the state machine does. Which arcs a user's request takes,
 * and who may not interrupt them, is in migration.c.
 */
#ifndef VMP_MIGRATION_STATES_H
#define VMP_MIGRATION_STATES_H

#include "compat/migration.h"

struct vmp_migration;
struct vmp_sizes;

/**
 * vmp_states_take_arc() - go from the current state to a neighbour
 * @mig: migration of an open device
 * @to: a state that vmp_fsm_next() has named
 * @reset_seq: the migration's when the user's request began
 *
 * If it fails the state is what it was, or ERROR where that would be a lie.
 *
 * Context: Under the state lock, with the device set's lock held.
 * Return: 0; -EAGAIN if a reset came in between; -EINVAL; what the backend
 *	returned; -ENOMEM and the like if there is no data file to be had.
 */
int vmp_states_take_arc(struct vmp_migration *mig,
			enum vfio_device_mig_state to, int reset_seq);

/**
 * vmp_states_abandon() - whatever is under way is over
 * @mig: migration of an open device, in any state
 *
 * Disables the data file, and tells the backend. Does not touch the device.
 *
 * Context: Under the state lock.
 */
void vmp_states_abandon(struct vmp_migration *mig);

/**
 * vmp_states_reset() - have the backend reset the device
 * @mig: migration of an open device, whose backend has a reset
 *
 * Context: Under the state lock, with the device set's lock held.
 * Return: 0 or -errno.
 */
int vmp_states_reset(struct vmp_migration *mig);

/**
 * vmp_states_get_sizes() - how much the backend has to save
 * @mig: migration of an open device
 * @sizes: gets the answer
 *
 * Context: Under the state lock, between vmp_access_begin() and _end().
 */
void vmp_states_get_sizes(struct vmp_migration *mig, struct vmp_sizes *sizes);

#endif /* VMP_MIGRATION_STATES_H */
