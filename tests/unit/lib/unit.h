/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every program of unit tests includes: cmocka, and its main().
 */
#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* A program that runs the tests of a table, and prints TAP. */
#define UNIT_MAIN(_tests)						\
int main(void)								\
{									\
	cmocka_set_message_output(CM_OUTPUT_TAP);			\
	return cmocka_run_group_tests(_tests, NULL, NULL);		\
}

#endif /* UNIT_UNIT_H */
