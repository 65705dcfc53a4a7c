// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which eventfds the user has tied to interrupts: VFIO_DEVICE_SET_IRQS, read a
 * second time. The rules are those of vfio_pci_set_irqs_ioctl().
 */

#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/minmax.h>
#include <linux/pci.h>
#include <linux/uaccess.h>
#include <linux/vfio_pci_core.h>

#include "compat/migration.h"
#include "irqs.h"

/* Eventfds that are read from the user at a time. */
#define PIECE 16

void vmp_irqs_init(struct vmp_irqs *irqs)
{
	mutex_init(&irqs->lock);
	irqs->index = -1;
	xa_init_flags(&irqs->eventfds, XA_FLAGS_ACCOUNT);
}

static void forget_locked(struct vmp_irqs *irqs)
{
	struct eventfd_ctx *eventfd;
	unsigned long vector;

	lockdep_assert_held(&irqs->lock);

	xa_for_each(&irqs->eventfds, vector, eventfd)
		eventfd_ctx_put(eventfd);
	xa_destroy(&irqs->eventfds);
	irqs->index = -1;
}

void vmp_irqs_forget(struct vmp_irqs *irqs)
{
	mutex_lock(&irqs->lock);
	forget_locked(irqs);
	mutex_unlock(&irqs->lock);
}

static unsigned int count_vectors(struct pci_dev *pdev, unsigned int index)
{
	switch (index) {
	case VFIO_PCI_INTX_IRQ_INDEX:
		return 1;
	case VFIO_PCI_MSI_IRQ_INDEX:
		return max(pci_msi_vec_count(pdev), 0);
	case VFIO_PCI_MSIX_IRQ_INDEX:
		return max(pci_msix_vec_count(pdev), 0);
	default:
		return 0;
	}
}

static void set_vector_locked(struct vmp_irqs *irqs, unsigned int vector,
			      int fd)
{
	struct eventfd_ctx *eventfd;

	lockdep_assert_held(&irqs->lock);

	eventfd = xa_erase(&irqs->eventfds, vector);
	if (eventfd)
		eventfd_ctx_put(eventfd);
	if (fd < 0)
		return;

	/* Without it one vector is not kicked; its interrupts still arrive. */
	eventfd = eventfd_ctx_fdget(fd);
	if (IS_ERR(eventfd))
		return;
	if (xa_err(xa_store(&irqs->eventfds, vector, eventfd, GFP_KERNEL)))
		eventfd_ctx_put(eventfd);
}

/* @fds is not read under the lock: a page fault may take others. */
static void set_vectors(struct vmp_irqs *irqs, const struct vfio_irq_set *set,
			const s32 __user *fds)
{
	unsigned int done = 0;

	while (done < set->count) {
		unsigned int nr = min_t(unsigned int, set->count - done, PIECE);
		s32 piece[PIECE];
		unsigned int i;

		if (copy_from_user(piece, fds + done, nr * sizeof(*piece)))
			return;

		mutex_lock(&irqs->lock);
		if (irqs->index == set->index)
			for (i = 0; i < nr; i++)
				set_vector_locked(irqs, set->start + done + i,
						  piece[i]);
		mutex_unlock(&irqs->lock);
		done += nr;
	}
}

void vmp_irqs_follow(struct vmp_irqs *irqs, struct vfio_pci_core_device *core,
		     unsigned long arg)
{
	struct vfio_irq_set __user *user = (void __user *)arg;
	struct vfio_irq_set set;
	unsigned int nr_vectors;

	if (copy_from_user(&set, user, offsetofend(struct vfio_irq_set, count)))
		return;

	nr_vectors = count_vectors(core->pdev, set.index);
	if (!(set.flags & VFIO_IRQ_SET_ACTION_TRIGGER) ||
	    set.start >= nr_vectors || set.count > nr_vectors - set.start)
		return;

	if ((set.flags & VFIO_IRQ_SET_DATA_NONE) && !set.count) {
		mutex_lock(&irqs->lock);
		if (irqs->index == set.index)
			forget_locked(irqs);
		mutex_unlock(&irqs->lock);
		return;
	}

	if (!(set.flags & VFIO_IRQ_SET_DATA_EVENTFD))
		return;

	/* Another kind can only be enabled when the one before is not. */
	mutex_lock(&irqs->lock);
	if (irqs->index != set.index)
		forget_locked(irqs);
	irqs->index = set.index;
	mutex_unlock(&irqs->lock);

	set_vectors(irqs, &set, (const s32 __user *)user->data);
}

void vmp_irqs_kick(struct vmp_irqs *irqs)
{
	struct eventfd_ctx *eventfd;
	unsigned long vector;

	mutex_lock(&irqs->lock);
	xa_for_each(&irqs->eventfds, vector, eventfd)
		vmp_compat_signal_eventfd(eventfd);
	mutex_unlock(&irqs->lock);
}
