/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What people call a PCI function: its vendor and device in words.
 */
#ifndef VMPCTL_PCI_NAMES_H
#define VMPCTL_PCI_NAMES_H

#include "inventory.h"

/* Its name; its ids, if nobody has named it. In @name, of @size bytes. */
const char *pci_name(const struct function *fn, char *name, size_t size);

/* What its class is called; its number, if that is unknown. */
const char *pci_class_name(const struct function *fn, char *name, size_t size);

/* Forget what was read to answer. */
void pci_names_end(void);

#endif /* VMPCTL_PCI_NAMES_H */
