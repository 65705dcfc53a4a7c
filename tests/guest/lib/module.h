/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loading and unloading kernel modules, and their use counts.
 */
#ifndef LIB_MODULE_H
#define LIB_MODULE_H

#include <stdbool.h>

/**
 * module_load() - Load a module with modprobe
 * @name: Its name
 * @parameter: One ``name=value``, or NULL
 *
 * Return: 0, or -EIO if modprobe failed (it says why on stderr).
 */
int module_load(const char *name, const char *parameter);

/**
 * module_load_silently() - module_load() where failure is all in a day's work
 * @name: Its name
 *
 * Return: As module_load(), but modprobe's words are dropped.
 */
int module_load_silently(const char *name);

/**
 * module_unload() - Unload a module and what holds it; waits for nobody
 * @name: Its name
 *
 * Return: 0 or the -errno of delete_module: -EAGAIN while it is used.
 */
int module_unload(const char *name);

/**
 * module_is_loaded() - Whether a module is loaded
 * @name: Its name
 *
 * Return: Whether it is.
 */
bool module_is_loaded(const char *name);

/**
 * module_use_count() - How many users hold a module
 * @name: Its name
 *
 * Return: The count, or a -errno if it is built in or not loaded.
 */
int module_use_count(const char *name);

#endif
