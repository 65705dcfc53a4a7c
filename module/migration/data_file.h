/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file by which a user reads or writes a stream. It may outlive the
 * migration it was made for: then it answers -ENODEV to everything.
 */
#ifndef VMP_MIGRATION_DATA_FILE_H
#define VMP_MIGRATION_DATA_FILE_H

#include <linux/types.h>

struct file;
struct vmp_data_file;
struct vmp_migration;

/**
 * vmp_data_file_create() - make a file for what begins now
 * @mig: migration of an open device; holds the file until
 *	vmp_data_file_disable()
 * @is_saving: the user will read, or else write
 *
 * Context: Under the state lock.
 * Return: 0 or -errno.
 */
int vmp_data_file_create(struct vmp_migration *mig, bool is_saving);

/**
 * vmp_data_file_get() - the file for the user to have
 * @mig: migration with a data file
 *
 * Context: Under the state lock.
 * Return: the file, with a reference of its own.
 */
struct file *vmp_data_file_get(struct vmp_migration *mig);

/**
 * vmp_data_file_is_saving() - is the data file one that is read?
 * @mig: migration with a data file
 *
 * Context: Under the state lock.
 * Return: whether.
 */
bool vmp_data_file_is_saving(const struct vmp_migration *mig);

/**
 * vmp_data_file_disable() - what the file was made for is over
 * @mig: migration, with a data file or without
 *
 * Context: Under the state lock.
 */
void vmp_data_file_disable(struct vmp_migration *mig);

/**
 * vmp_data_file_load() - put what was written into the device
 * @mig: migration with a data file that was written
 * @has_begun: gets whether the device may have changed
 *
 * Context: Under the state lock, with the device set's lock held.
 * Return: 0; -EINVAL if the stream is not whole, or was refused; what the
 *	backend's load returned.
 */
int vmp_data_file_load(struct vmp_migration *mig, bool *has_begun);

#endif /* VMP_MIGRATION_DATA_FILE_H */
