// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel modules that only tests load. What each does stands in its source.
 */
#include "test_module.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "failure.h"
#include "fixture.h"
#include "module.h"

static int insert(const char *name, const char *format, va_list args)
{
	struct utsname kernel;
	char parameters[256];
	char path[256];
	int error = 0;
	int fd;

	vsnprintf(parameters, sizeof(parameters), format, args);
	uname(&kernel);
	snprintf(path, sizeof(path), "build/%s/%s.ko", kernel.release, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		skip_because("there is no module %s for this kernel", name);
	if (syscall(SYS_finit_module, fd, parameters, 0))
		error = errno;
	close(fd);
	return error ? failure_set(error, "cannot load %s", name) : 0;
}

int test_module_try(const char *name, const char *format, ...)
{
	va_list args;
	int ret;

	va_start(args, format);
	ret = insert(name, format, args);
	va_end(args);
	return ret;
}

void test_module_load(const char *name, const char *format, ...)
{
	va_list args;
	int ret;

	va_start(args, format);
	ret = insert(name, format, args);
	va_end(args);
	if (ret)
		skip_because("%s", failure_text());
}

int test_module_unload(const char *name)
{
	return module_is_loaded(name) ? module_unload(name) : 0;
}
