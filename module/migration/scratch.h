/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page of vmp_scratch_get(), which is in include/vmp/backend.h.
 */
#ifndef VMP_MIGRATION_SCRATCH_H
#define VMP_MIGRATION_SCRATCH_H

struct vmp_migration;

/**
 * vmp_scratch_fini() - free the page, if there ever was one
 * @mig: migration that is about to be freed
 *
 * Context: Process context, while the function is still there.
 */
void vmp_scratch_fini(struct vmp_migration *mig);

#endif /* VMP_MIGRATION_SCRATCH_H */
