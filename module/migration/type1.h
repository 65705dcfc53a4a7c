/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages that are pinned so that type1 takes them for dirty. Which pages that
 * are, and why none is missed, is in dirty.c.
 */
#ifndef VMP_MIGRATION_TYPE1_H
#define VMP_MIGRATION_TYPE1_H

struct vmp_migration;

/**
 * vmp_type1_lock_to_pin() - take the lock of @mig's dirty, when pages may be
 *	pinned
 * @mig: migration of an open device
 *
 * Context: Process context, sleeps for up to 24 ms while the user is unmapping.
 */
void vmp_type1_lock_to_pin(struct vmp_migration *mig);

/**
 * vmp_type1_hold_off() - do not pin for a while, as the user is unmapping
 * @mig: migration of an open device
 *
 * type1 tells of an unmap again and again until nothing is pinned there, and
 * has a BUG_ON() for the eleventh time in a row (vfio_dma_do_unmap()). So
 * nobody may be able to pin pages as fast as they are unpinned.
 *
 * Context: Under the lock.
 */
void vmp_type1_hold_off(struct vmp_migration *mig);

/**
 * vmp_type1_pin() - have a page count as dirty
 * @mig: migration of an open device
 * @page: number of the page
 *
 * Context: Under the lock, see vmp_type1_lock_to_pin().
 * Return: 1 if it is pinned; 0 if there is nobody to be told, or no memory of
 *	which to tell; -EFAULT if nothing is there that the device can write;
 *	-ENOMEM.
 */
int vmp_type1_pin(struct vmp_migration *mig, unsigned long page);

/**
 * vmp_type1_unpin() - undo vmp_type1_pin()
 * @mig: migration of an open device
 * @page: number of a page for which it returned 1
 *
 * Context: Under the lock.
 */
void vmp_type1_unpin(struct vmp_migration *mig, unsigned long page);

#endif /* VMP_MIGRATION_TYPE1_H */
