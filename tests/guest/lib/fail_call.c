// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls that fail when a test wants it. How, is the test module's business.
 */
#include "fail_call.h"

#include <limits.h>

#include "module.h"
#include "sysfs.h"
#include "test_module.h"

#define MODULE "fail_call"

#define OPTIMISATION "/proc/sys/debug/kprobes-optimization"

/*
 * An optimised kprobe cannot skip a function (Documentation/trace/kprobes.rst,
 * "Jump Optimization"). A kernel with ftrace does not optimise those at a
 * function's beginning; others must be told.
 */
static void forbid_optimisation(void)
{
	if (sysfs_exists(OPTIMISATION))
		sysfs_write("0", OPTIMISATION);
}

void fail_call_arm(const char *function, unsigned int nth, long value)
{
	forbid_optimisation();
	test_module_load(MODULE,
			 "function=%s caller=vfio_mdev_pci nth=%u value=%ld",
			 function, nth, value);
}

/* So that a test that forgets it ends nevertheless. */
#define HOLD_UP_MS 60000

void fail_call_hold_up(const char *caller, const char *function)
{
	forbid_optimisation();
	test_module_load(MODULE, "function=%s caller=%s hold_ms=%u", function,
			 caller, HOLD_UP_MS);
}

int fail_call_let_go(void)
{
	return sysfs_write("1", "/sys/module/" MODULE "/parameters/let_go");
}

void fail_call_count(const char *function)
{
	test_module_load(MODULE, "function=%s nth=%u", function, UINT_MAX);
}

int fail_call_disarm(unsigned int *nr_calls)
{
	long long count = 0;
	int ret = 0;

	if (nr_calls && module_is_loaded(MODULE))
		ret = sysfs_read_number(&count, "/sys/module/" MODULE
					"/parameters/nr_calls");
	if (ret)
		return ret;
	if (nr_calls)
		*nr_calls = count;
	return test_module_unload(MODULE);
}
