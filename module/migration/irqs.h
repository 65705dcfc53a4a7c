/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The eventfds by which the user hears the device's interrupts, so that each
 * can be signalled once after a load: what the device raised while it was
 * nowhere is lost otherwise. vfio-pci-core keeps its own to itself.
 */
#ifndef VMP_MIGRATION_IRQS_H
#define VMP_MIGRATION_IRQS_H

#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/xarray.h>

struct vfio_pci_core_device;

/**
 * struct vmp_irqs - eventfds of one device
 * @lock: protects the rest; innermost
 * @index: which kind of interrupts is enabled, VFIO_PCI_*_IRQ_INDEX; -1 if none
 * @eventfds: of each vector that has one, a struct eventfd_ctx
 */
struct vmp_irqs {
	struct mutex lock; /* protects the rest */
	int index;
	struct xarray eventfds;
};

/**
 * vmp_irqs_init() - no interrupt is enabled
 * @irqs: to initialise
 *
 * Context: Any.
 */
void vmp_irqs_init(struct vmp_irqs *irqs);

/**
 * vmp_irqs_forget() - the device is closed: let go of all eventfds
 * @irqs: the eventfds
 *
 * Context: Process context.
 */
void vmp_irqs_forget(struct vmp_irqs *irqs);

/**
 * vmp_irqs_follow() - the user has set interrupts
 * @irqs: the eventfds
 * @core: the device
 * @arg: user's address of a struct vfio_irq_set that vfio-pci-core has just
 *	carried out; it may have changed since, which only hurts its owner
 *
 * Context: Process context.
 */
void vmp_irqs_follow(struct vmp_irqs *irqs, struct vfio_pci_core_device *core,
		     unsigned long arg);

/**
 * vmp_irqs_kick() - signal each enabled vector once
 * @irqs: the eventfds
 *
 * Context: Process context.
 */
void vmp_irqs_kick(struct vmp_irqs *irqs);

#endif /* VMP_MIGRATION_IRQS_H */
