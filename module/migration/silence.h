/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keeps a stopped device from raising message interrupts and from DMA, by its
 * bus mastering, behind the user's back. What it would have raised is made up
 * for by a kick of all vectors when it runs again.
 */
#ifndef VMP_MIGRATION_SILENCE_H
#define VMP_MIGRATION_SILENCE_H

#include <linux/types.h>

struct vmp_migration;

/**
 * struct vmp_silence - what the user believes of a stopped device
 * @is_on: the device is silenced
 * @has_master: the user has its bus mastering enabled
 */
struct vmp_silence {
	bool is_on;
	bool has_master;
};

/**
 * vmp_silence_begin() - the device has been stopped
 * @mig: migration
 *
 * Context: Under the state lock.
 */
void vmp_silence_begin(struct vmp_migration *mig);

/**
 * vmp_silence_end() - the device is about to be started
 * @mig: migration, silenced or not
 *
 * Context: Under the state lock.
 */
void vmp_silence_end(struct vmp_migration *mig);

/**
 * vmp_silence_forget() - the device was reset, or is opened
 * @mig: migration, silenced or not
 *
 * Context: Under the state lock; also within a reset.
 */
void vmp_silence_forget(struct vmp_migration *mig);

/**
 * vmp_silence_suspend() - the user is about to look at config space
 * @mig: migration, silenced or not
 *
 * Context: Under the state lock, until vmp_silence_continue().
 */
void vmp_silence_suspend(struct vmp_migration *mig);

/**
 * vmp_silence_continue() - the user has read or written config space
 * @mig: migration, silenced or not
 *
 * Context: Under the state lock, after vmp_silence_suspend().
 */
void vmp_silence_continue(struct vmp_migration *mig);

#endif /* VMP_MIGRATION_SILENCE_H */
