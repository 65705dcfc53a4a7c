/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions that show another's ids, for drivers that treat some ids in their
 * own way and devices that QEMU has not. By the test module "masquerade".
 */
#ifndef LIB_DISGUISE_H
#define LIB_DISGUISE_H

/**
 * disguise_put_on() - Have a function show ids of Intel's
 * @address: The function
 * @device: The device id
 *
 * Skips the test if the module masquerade was not built for this kernel.
 */
void disguise_put_on(const char *address, unsigned int device);

/**
 * disguise_take_off() - Have the function show its own ids again
 *
 * Does nothing if it does; a test that fails leaves that to its fixture.
 *
 * Return: 0 or the -errno of unloading the module.
 */
int disguise_take_off(void);

#endif
