/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module parameter "ids": which functions to bind from the start.
 */
#ifndef VMP_IDS_H
#define VMP_IDS_H

struct pci_driver;

/**
 * vmp_ids_add() - make a driver bind the functions that a list names
 * @driver: registered PCI driver
 * @list: entries "vendor:device[:subvendor[:subdevice[:class[:class_mask]]]]"
 *	in hexadecimal, separated by commas; taken apart in place
 *
 * An entry that cannot be used is named in the kernel log and skipped.
 *
 * Context: Process context; binds matching functions before it returns.
 */
void vmp_ids_add(struct pci_driver *driver, char *list);

#endif /* VMP_IDS_H */
