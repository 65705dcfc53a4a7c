// SPDX-License-Identifier: GPL-2.0-only
/*
 * Errors that a PCI Express function seems to report.
 */
#include "aer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "failure.h"
#include "module.h"

#define INJECTOR "/dev/aer_inject"

/* struct aer_error_inj of the kernel's drivers/pci/pcie/aer_inject.c */
struct error {
	uint8_t bus;
	uint8_t slot;
	uint8_t function;
	uint32_t uncorrectable;
	uint32_t correctable;
	uint32_t header_log[4];
	uint32_t domain;
};

int aer_inject(const char *address, uint32_t status)
{
	struct error error = { .uncorrectable = status };
	unsigned int domain, bus, slot, function;
	int ret;
	int fd;

	if (sscanf(address, "%x:%x:%x.%x", &domain, &bus, &slot,
		   &function) != 4)
		return failure_set(EINVAL, "%s is no PCI address", address);
	error.domain = domain;
	error.bus = bus;
	error.slot = slot;
	error.function = function;
	ret = module_load("aer_inject", NULL);
	if (ret)
		return ret;
	fd = open(INJECTOR, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return failure_set(errno, "cannot open %s", INJECTOR);
	if (write(fd, &error, sizeof(error)) != sizeof(error))
		ret = failure_set(errno, "cannot write to %s", INJECTOR);
	close(fd);
	return ret;
}
