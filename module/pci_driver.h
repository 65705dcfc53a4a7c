/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The PCI driver: binding a function and letting it go.
 */
#ifndef VMP_PCI_DRIVER_H
#define VMP_PCI_DRIVER_H

struct pci_driver;

/* Without static ids: binds by driver_override, new_id or vmp_ids_add(). */
extern struct pci_driver vmp_pci_driver;

#endif /* VMP_PCI_DRIVER_H */
