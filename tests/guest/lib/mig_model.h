/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The states of a migration as <linux/vfio.h> draws them, and the way from one
 * to another by its rules. This is what the driver is measured by, so it knows
 * nothing of the driver's.
 */
#ifndef LIB_MIG_MODEL_H
#define LIB_MIG_MODEL_H

#include <stdbool.h>

/* enum vfio_device_mig_state, with those that older headers have not */
enum mig_state {
	MIG_ERROR,
	MIG_STOP,
	MIG_RUNNING,
	MIG_STOP_COPY,
	MIG_RESUMING,
	MIG_RUNNING_P2P,
	MIG_PRE_COPY,
	MIG_PRE_COPY_P2P,
	MIG_NR_STATES,
};

/**
 * struct mig_path - The way from one state to another
 * @states: The states after the first, the last is the one to go to
 * @nr_states: How many; 0 if it is the first itself
 * @is_refused: There is no way
 * @has_fd: The last arc begins a session, so it gives a data file
 */
struct mig_path {
	enum mig_state states[MIG_NR_STATES];
	unsigned int nr_states;
	bool is_refused;
	bool has_fd;
};

/**
 * mig_model_path() - Find the way from one state to another
 * @from: The state
 * @to: The other
 *
 * Return: The way.
 */
struct mig_path mig_model_path(enum mig_state from, enum mig_state to);

/**
 * mig_model_is_saving() - Whether a state has a data file to read from
 * @state: The state
 *
 * Return: Whether it has.
 */
bool mig_model_is_saving(enum mig_state state);

/**
 * mig_state_name() - What the uapi calls a state
 * @state: The state
 *
 * Return: Its name.
 */
const char *mig_state_name(unsigned int state);

#endif
