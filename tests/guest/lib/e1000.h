/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of Intel's 82540EM and 82574 as tests need: interrupts on demand, and
 * a register that keeps a mark. Offsets in BAR 0 as in the 8254x and 82574
 * manuals.
 */
#ifndef LIB_E1000_H
#define LIB_E1000_H

#include "client.h"

#define E1000_REG_ICR 0x00c0	/* Interrupt Cause Read, which clears it */
#define E1000_REG_ICS 0x00c8	/* Interrupt Cause Set */
#define E1000_REG_IMS 0x00d0	/* Interrupt Mask Set */
#define E1000_REG_IMC 0x00d8	/* Interrupt Mask Clear */
#define E1000_REG_MTA 0x5200	/* Multicast table: zero after a reset */
#define E1000_REG_RAL 0x5400	/* Its address, the first four bytes */
#define E1000_REG_RAH 0x5404	/* The other two, and flags */

#define E1000_CAUSE_LINK (1 << 2)

/**
 * e1000_start() - Enable the card's memory space and its link interrupt
 * @client: The device
 *
 * Return: 0 or a -errno.
 */
int e1000_start(struct client *client);

/**
 * e1000_raise() - Have the card raise its link interrupt
 * @client: The device
 */
void e1000_raise(struct client *client);

/**
 * e1000_acknowledge() - Read, and so clear, the interrupt causes
 * @client: The device
 *
 * Return: The causes.
 */
uint32_t e1000_acknowledge(struct client *client);

#endif
