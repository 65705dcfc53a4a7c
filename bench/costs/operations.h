/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is measured, on which device.
 */
#ifndef COSTS_OPERATIONS_H
#define COSTS_OPERATIONS_H

#include "check.h"
#include "subject.h"

#define OPERATIONS(table) \
	.operations = (table), .nr_operations = ARRAY_SIZE(table)

extern const struct kind config_space;
extern const struct kind memory_bar;
extern const struct kind registers;
extern const struct kind mapped_bar;
extern const struct kind information;
extern const struct kind msi_interrupts;
extern const struct kind msix_interrupts;
extern const struct kind dma_mappings;
extern const struct kind opening;
extern const struct kind reset;
extern const struct kind binding;

#endif
