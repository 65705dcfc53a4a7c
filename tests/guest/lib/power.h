/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Power states of functions, as two files of sysfs show them. Each assertion
 * waits until it is true, and fails the test if it does not become so.
 */
#ifndef LIB_POWER_H
#define LIB_POWER_H

/**
 * power_assert_asleep() - A function sleeps, in D3hot
 * @address: The function
 */
void power_assert_asleep(const char *address);

/**
 * power_assert_awake() - A function is awake, in D0
 * @address: The function
 */
void power_assert_awake(const char *address);

#endif
