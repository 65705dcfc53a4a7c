// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel modules that only tests load. What each does stands in its source.
 */
#include "test_module.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include "fixture.h"
#include "module.h"

void test_module_load(const char *name, const char *format, ...)
{
	struct utsname kernel;
	char parameters[256];
	char command[512];
	va_list args;

	va_start(args, format);
	vsnprintf(parameters, sizeof(parameters), format, args);
	va_end(args);
	uname(&kernel);
	snprintf(command, sizeof(command), "insmod build/%s/%s.ko %s",
		 kernel.release, name, parameters);
	if (system(command))
		skip_because("there is no module %s for this kernel", name);
}

int test_module_unload(const char *name)
{
	return module_is_loaded(name) ? module_unload(name) : 0;
}
