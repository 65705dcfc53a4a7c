/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The settings of a wrapped function, as files of its PCI device, and the
 * module parameters of the same names. What each does is up to the tests.
 */
#ifndef LIB_SETTING_H
#define LIB_SETTING_H

#include <stdbool.h>

#define SETTINGS_DIRECTORY "vfio_mdev_pci"

/* Room for the name of a setting's file and its end. */
#define SETTING_NAME_SIZE 64

/**
 * setting_write() - Ask for a setting
 * @address: The function
 * @name: The setting
 * @value: What is asked for
 *
 * Return: 0 or the -errno of the write.
 */
int setting_write(const char *address, const char *name, bool value);

/**
 * setting_asked() - What was asked for
 * @address: The function
 * @name: The setting
 *
 * Return: 0, 1, or the -errno of the read.
 */
int setting_asked(const char *address, const char *name);

/**
 * setting_effective() - What is in force
 * @address: The function
 * @name: The setting
 *
 * Return: 0, 1, or the -errno of the read.
 */
int setting_effective(const char *address, const char *name);

/**
 * setting_is_offered() - Whether a setting can be set for one function
 * @address: The function
 * @name: The setting
 *
 * Return: Whether; in some kernels one of them is the same for all functions.
 */
bool setting_is_offered(const char *address, const char *name);

/**
 * setting_write_parameter() - Change a parameter of a loaded module
 * @module: The module, as /sys/module names it
 * @name: The parameter
 * @value: What to write
 *
 * Return: 0 or the -errno of the write.
 */
int setting_write_parameter(const char *module, const char *name, bool value);

#endif
