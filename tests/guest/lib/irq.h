/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interrupts of an opened device, and the eventfds that they signal.
 */
#ifndef LIB_IRQ_H
#define LIB_IRQ_H

#include <stdbool.h>

#include "client.h"

/* How long a test looks before it believes that no interrupt comes. */
#define IRQ_SILENCE_MS 200

/**
 * irq_query() - Ask about an interrupt index
 * @client: The device
 * @index: VFIO_PCI_*_IRQ_INDEX
 * @info: The answer
 *
 * Return: 0 or a -errno.
 */
int irq_query(struct client *client, unsigned int index,
	      struct vfio_irq_info *info);

/**
 * irq_connect() - Have vectors of an index signal eventfds
 * @client: The device
 * @index: The index
 * @first: The first vector
 * @event_fds: One eventfd a vector; -1 disconnects
 * @count: How many
 *
 * Return: 0 or a -errno.
 */
int irq_connect(struct client *client, unsigned int index, unsigned int first,
		const int *event_fds, unsigned int count);

/**
 * irq_connect_unmask() - Have an eventfd unmask INTx when it is signalled
 * @client: The device
 * @event_fd: The eventfd
 *
 * Return: 0 or a -errno.
 */
int irq_connect_unmask(struct client *client, int event_fd);

/**
 * irq_disable() - Disconnect an index and disable its interrupts
 * @client: The device
 * @index: The index
 *
 * Return: 0 or a -errno.
 */
int irq_disable(struct client *client, unsigned int index);

/**
 * irq_act() - Trigger, mask or unmask vectors from the client's side
 * @client: The device
 * @index: The index
 * @action: VFIO_IRQ_SET_ACTION_*
 * @first: The first vector
 * @count: How many; each of them is meant
 *
 * Return: 0 or a -errno.
 */
int irq_act(struct client *client, unsigned int index, uint32_t action,
	    unsigned int first, unsigned int count);

/**
 * irq_act_on_some() - As irq_act(), for those vectors whose flag is set
 * @client: The device
 * @index: The index
 * @action: VFIO_IRQ_SET_ACTION_*
 * @first: The first vector
 * @flags: One flag a vector
 * @count: How many
 *
 * Return: 0 or a -errno.
 */
int irq_act_on_some(struct client *client, unsigned int index,
		    uint32_t action, unsigned int first, const uint8_t *flags,
		    unsigned int count);

/**
 * event_new() - Make an eventfd
 *
 * Return: Its fd.
 */
int event_new(void);

/**
 * event_wait() - Wait until an eventfd is signalled, and take its count
 * @event_fd: The eventfd
 * @limit_ms: Time limit
 *
 * Return: How often it was signalled, 0 if it was not in time.
 */
unsigned int event_wait(int event_fd, int limit_ms);

/**
 * event_signal() - Signal an eventfd
 * @event_fd: The eventfd
 */
void event_signal(int event_fd);

#endif
