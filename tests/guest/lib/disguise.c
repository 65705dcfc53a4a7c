// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that show another's ids. How, is the test module's business.
 */
#include "disguise.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include "check.h"
#include "fixture.h"
#include "module.h"

#define MODULE "masquerade"

void disguise_put_on(const char *address, unsigned int device)
{
	struct utsname kernel;
	char command[512];

	uname(&kernel);
	snprintf(command, sizeof(command),
		 "insmod build/%s/" MODULE ".ko address=%s device=%#x",
		 kernel.release, address, device);
	if (system(command))
		skip_because("there is no module " MODULE " for this kernel");
}

int disguise_take_off(void)
{
	return module_is_loaded(MODULE) ? module_unload(MODULE) : 0;
}
