// SPDX-License-Identifier: GPL-2.0-only
/*
 * Power states of functions. Which there should be is up to the tests.
 */
#include "power.h"

#include <string.h>

#include "check.h"
#include "pci.h"
#include "sysfs.h"
#include "wait.h"

/* A function's state as two files of sysfs show it. */
struct power {
	const char *address;
	const char *status;	/* power/runtime_status */
	const char *state;	/* power_state */
};

static bool is_in_state(void *arg)
{
	const struct power *power = arg;
	char status[32];
	char state[32];

	return !sysfs_read(status, sizeof(status), PCI_DEVICES
			   "/%s/power/runtime_status", power->address) &&
	       !sysfs_read(state, sizeof(state), PCI_DEVICES
			   "/%s/power_state", power->address) &&
	       !strcmp(status, power->status) && !strcmp(state, power->state);
}

void power_assert_asleep(const char *address)
{
	struct power power = { address, "suspended", "D3hot" };

	assert_that(wait_for(is_in_state, &power, WAIT_LIMIT_MS),
		    "%s does not sleep in D3hot", address);
}

void power_assert_awake(const char *address)
{
	struct power power = { address, "active", "D0" };

	assert_that(wait_for(is_in_state, &power, WAIT_LIMIT_MS),
		    "%s is not awake in D0", address);
}
