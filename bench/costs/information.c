// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a user asks about a device, and what he says of its interrupts.
 */
#include "operations.h"

#include <errno.h>
#include <sys/ioctl.h>

#include "irq.h"

static long ask_device(struct subject *subject)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };

	return ioctl(subject->client->fd, VFIO_DEVICE_GET_INFO, &info);
}

static long ask_region(struct subject *subject)
{
	struct vfio_region_info info = {
		.argsz = sizeof(info),
		.index = subject->operation->offset,
	};

	return ioctl(subject->client->fd, VFIO_DEVICE_GET_REGION_INFO, &info);
}

static long ask_irq(struct subject *subject)
{
	struct vfio_irq_info info = {
		.argsz = sizeof(info),
		.index = VFIO_PCI_MSI_IRQ_INDEX,
	};

	return ioctl(subject->client->fd, VFIO_DEVICE_GET_IRQ_INFO, &info);
}

static long ask_feature(struct subject *subject)
{
	struct vfio_device_feature feature = {
		.argsz = sizeof(feature),
		.flags = VFIO_DEVICE_FEATURE_PROBE | VFIO_DEVICE_FEATURE_GET |
			 VFIO_DEVICE_FEATURE_PCI_VF_TOKEN,
	};

	return ioctl(subject->client->fd, VFIO_DEVICE_FEATURE, &feature) < 0 ?
	       -errno : 0;
}

/* An eventfd instead of another: QEMU does it with each route. */
static long reconnect_irq(struct subject *subject)
{
	return irq_connect(subject->client, VFIO_PCI_MSI_IRQ_INDEX, 0,
			   &subject->event, 1);
}

static void disconnect_irq(struct subject *subject)
{
	assert_done(irq_disable(subject->client, VFIO_PCI_MSI_IRQ_INDEX));
}

static long disable_irqs(struct subject *subject)
{
	return irq_disable(subject->client, VFIO_PCI_MSI_IRQ_INDEX);
}

static void connect_irq(struct subject *subject)
{
	assert_done(reconnect_irq(subject));
}

static long trigger_irq(struct subject *subject)
{
	return irq_act(subject->client, VFIO_PCI_MSI_IRQ_INDEX,
		       VFIO_IRQ_SET_ACTION_TRIGGER, 0, 1);
}

static void take_event(struct subject *subject)
{
	assert_int_equal(event_wait(subject->event, 0), 1);
	disconnect_irq(subject);
}

static void begin_information(struct subject *subject)
{
	subject->event = fixture_event(subject->fixture);
}

static const struct operation information_operations[] = {
	{ .name = "GET_INFO", .run = ask_device },
	{ .name = "GET_REGION_INFO of a BAR", .run = ask_region,
	  .offset = VFIO_PCI_BAR0_REGION_INDEX },
	{ .name = "GET_REGION_INFO of configuration space", .run = ask_region,
	  .offset = VFIO_PCI_CONFIG_REGION_INDEX },
	{ .name = "GET_IRQ_INFO", .run = ask_irq },
	{ .name = "SET_IRQS, enable MSI", .run = reconnect_irq,
	  .after = disconnect_irq },
	{ .name = "SET_IRQS, another eventfd", .run = reconnect_irq,
	  .before = connect_irq, .after = disconnect_irq },
	{ .name = "SET_IRQS, trigger", .run = trigger_irq,
	  .before = connect_irq, .after = take_event },
	{ .name = "SET_IRQS, disable MSI", .run = disable_irqs,
	  .before = connect_irq },
	{ .name = "FEATURE that it has not", .run = ask_feature,
	  .expected = -ENOTTY },
};

const struct kind information = {
	.id = "edu0",
	.group = "ioctls",
	.start = begin_information,
	OPERATIONS(information_operations),
};
