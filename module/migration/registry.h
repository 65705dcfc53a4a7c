/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The backends that are there, and which is for a function.
 */
#ifndef VMP_MIGRATION_REGISTRY_H
#define VMP_MIGRATION_REGISTRY_H

struct pci_dev;
struct vmp_backend;

/**
 * vmp_registry_get() - find the backend for a function
 * @pdev: the function
 *
 * Has modprobe look for one if none is loaded.
 *
 * Context: Process context, sleeps for as long as modprobe takes.
 * Return: the backend, whose module is held until vmp_registry_put(); NULL if
 *	there is none; ERR_PTR(-ENOMEM) if modprobe could not be run;
 *	ERR_PTR(-EBUSY) if there are two, of which the kernel
 *	log says the names.
 */
const struct vmp_backend *vmp_registry_get(struct pci_dev *pdev);

/**
 * vmp_registry_put() - let go of a backend
 * @backend: from vmp_registry_get()
 *
 * Context: Any.
 */
void vmp_registry_put(const struct vmp_backend *backend);

#endif /* VMP_MIGRATION_REGISTRY_H */
