/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Errors that a PCI Express function seems to report, made by the kernel's own
 * module aer_inject. How errors are handled is not known here.
 */
#ifndef LIB_AER_H
#define LIB_AER_H

#include <stdint.h>

/**
 * aer_inject() - Have a function report an uncorrectable error
 * @address: The function; it has the AER capability, as has its root port
 * @status: PCI_ERR_UNC_*; the function's own severities say whether it is fatal
 *
 * Return: 0 or a -errno; -EIO if the kernel has no module aer_inject.
 */
int aer_inject(const char *address, uint32_t status);

#endif
