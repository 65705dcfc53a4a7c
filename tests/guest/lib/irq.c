// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupts of an opened device, and eventfds.
 * Making a device raise an interrupt is up to the files of the devices.
 */
#include "irq.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "failure.h"

int irq_query(struct client *client, unsigned int index,
	      struct vfio_irq_info *info)
{
	*info = (struct vfio_irq_info) {
		.argsz = sizeof(*info),
		.index = index,
	};
	if (ioctl(client->fd, VFIO_DEVICE_GET_IRQ_INFO, info))
		return failure_set(errno, "the device has no interrupt index %u",
				   index);
	return 0;
}

static int set_irqs(struct client *client, const struct vfio_irq_set *how,
		    const void *data, size_t size)
{
	struct vfio_irq_set *set = calloc(1, sizeof(*set) + size);
	int error;

	if (!set)
		abort();
	*set = *how;
	set->argsz = sizeof(*set) + size;
	if (size)
		memcpy(set->data, data, size);
	error = ioctl(client->fd, VFIO_DEVICE_SET_IRQS, set) ? errno : 0;
	free(set);
	if (error)
		return failure_set(error,
				   "cannot set interrupt index %u (flags %#x, first %u, count %u)",
				   how->index, how->flags, how->start,
				   how->count);
	return 0;
}

int irq_connect(struct client *client, unsigned int index, unsigned int first,
		const int *event_fds, unsigned int count)
{
	const struct vfio_irq_set how = {
		.flags = VFIO_IRQ_SET_DATA_EVENTFD |
			 VFIO_IRQ_SET_ACTION_TRIGGER,
		.index = index,
		.start = first,
		.count = count,
	};

	return set_irqs(client, &how, event_fds, count * sizeof(*event_fds));
}

int irq_connect_unmask(struct client *client, int event_fd)
{
	const struct vfio_irq_set how = {
		.flags = VFIO_IRQ_SET_DATA_EVENTFD |
			 VFIO_IRQ_SET_ACTION_UNMASK,
		.index = VFIO_PCI_INTX_IRQ_INDEX,
		.count = 1,
	};

	return set_irqs(client, &how, &event_fd, sizeof(event_fd));
}

int irq_disable(struct client *client, unsigned int index)
{
	return irq_act(client, index, VFIO_IRQ_SET_ACTION_TRIGGER, 0, 0);
}

int irq_act(struct client *client, unsigned int index, uint32_t action,
	    unsigned int first, unsigned int count)
{
	const struct vfio_irq_set how = {
		.flags = VFIO_IRQ_SET_DATA_NONE | action,
		.index = index,
		.start = first,
		.count = count,
	};

	return set_irqs(client, &how, NULL, 0);
}

int irq_act_on_some(struct client *client, unsigned int index,
		    uint32_t action, unsigned int first, const uint8_t *flags,
		    unsigned int count)
{
	const struct vfio_irq_set how = {
		.flags = VFIO_IRQ_SET_DATA_BOOL | action,
		.index = index,
		.start = first,
		.count = count,
	};

	return set_irqs(client, &how, flags, count);
}

int event_new(void)
{
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	if (fd < 0)
		abort();
	return fd;
}

unsigned int event_wait(int event_fd, int limit_ms)
{
	struct pollfd event = { .fd = event_fd, .events = POLLIN };
	uint64_t count;

	if (poll(&event, 1, limit_ms) <= 0)
		return 0;
	if (read(event_fd, &count, sizeof(count)) != sizeof(count))
		return 0;
	return count;
}

void event_signal(int event_fd)
{
	uint64_t one = 1;

	if (write(event_fd, &one, sizeof(one)) != sizeof(one))
		abort();
}
