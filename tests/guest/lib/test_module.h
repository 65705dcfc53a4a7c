/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel modules that only tests load, from modules/ beside the programs.
 */
#ifndef LIB_TEST_MODULE_H
#define LIB_TEST_MODULE_H

/**
 * test_module_try() - Load a module of the tests that may refuse
 * @name: Its name
 * @format: Its parameters, a printf format
 *
 * Skips the test if the module was not built for this kernel.
 *
 * Return: 0 or the -errno of loading it.
 */
int test_module_try(const char *name, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * test_module_load() - Load a module of the tests, or skip the test
 * @name: Its name
 * @format: Its parameters, a printf format
 *
 * Skips the test if the module was not built for this kernel, or refuses.
 */
void test_module_load(const char *name, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * test_module_unload() - Unload a module of the tests, if it is loaded
 * @name: Its name
 *
 * Return: 0 or the -errno of unloading it.
 */
int test_module_unload(const char *name);

#endif
