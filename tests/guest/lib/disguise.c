// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that show another's ids. How, is the test module's business.
 */
#include "disguise.h"

#include "test_module.h"

#define MODULE "masquerade"

void disguise_put_on(const char *address, unsigned int device)
{
	test_module_load(MODULE, "address=%s device=%#x", address, device);
}

int disguise_take_off(void)
{
	return test_module_unload(MODULE);
}
