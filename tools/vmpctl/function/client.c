// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmpctl client: what QEMU and libvirt are to be told of a wrapped function.
 */
#include <stdio.h>
#include <string.h>

#include "arguments.h"
#include "command.h"
#include "inventory.h"
#include "print_json.h"
#include "select.h"
#include "sysroot.h"

/*
 * QEMU takes the mdev's path; that a device migrates must be said, or QEMU
 * would not ask.
 */
static void set_qemu(char *text, size_t size, const struct function *fn)
{
	char backend[32];

	sysroot_read(backend, sizeof(backend),
		     PCI_DEVICES "/%s/vfio_mdev_pci/migration_backend",
		     fn->bdf);
	snprintf(text, size, "vfio-pci,sysfsdev=" MDEV_DEVICES "/%s%s",
		 fn->uuid, *backend && strcmp(backend, "none") ?
		 ",enable-migration=on" : "");
}

static void set_libvirt(char *text, size_t size, const struct function *fn)
{
	snprintf(text, size,
		 "<hostdev mode='subsystem' type='mdev' model='vfio-pci'>\n"
		 "  <source>\n"
		 "    <address uuid='%s'/>\n"
		 "  </source>\n"
		 "</hostdev>\n", fn->uuid);
}

static enum status print(const struct function *fn, bool is_qemu,
			 bool is_libvirt, bool is_json)
{
	char libvirt[256];
	char qemu[160];

	if (!*fn->uuid)
		return fail(STATUS_UNREACHABLE,
			    function_is_bound(fn) ? "mdevctl start creates one" :
			    "bind it to vfio-mdev-pci first (driverctl set-override), then mdevctl start",
			    "%s has no mdev", fn->bdf);
	set_qemu(qemu, sizeof(qemu), fn);
	set_libvirt(libvirt, sizeof(libvirt), fn);
	if (is_json) {
		print_json(json_pack("{s:i, s:s, s:s, s:[s, s], s:s}",
				     "version", JSON_SCHEMA_VERSION,
				     "address", fn->bdf, "mdev", fn->uuid,
				     "qemu", "-device", qemu,
				     "libvirt", libvirt));
		return STATUS_DONE;
	}
	if (is_qemu)
		printf("-device %s\n", qemu);
	if (is_libvirt)
		fputs(libvirt, stdout);
	return STATUS_DONE;
}

static enum status run(int argc, char **argv)
{
	struct inventory inventory;
	const struct function *fn;
	bool is_libvirt = false;
	bool is_qemu = false;
	bool is_json = false;
	const struct argument known[] = {
		{ "qemu", &is_qemu, NULL },
		{ "libvirt", &is_libvirt, NULL },
		{ "json", &is_json, NULL },
		{ NULL, NULL, NULL },
	};
	enum status status;

	if (!arguments_take(&client_command, &argc, &argv, known, &status))
		return status;
	if (argc != 1)
		return fail_usage(&client_command, "it takes one device");
	inventory = inventory_read();
	status = select_function(&inventory, argv[0], &fn);
	if (!status)
		status = print(fn, is_qemu || !is_libvirt,
			       is_libvirt || !is_qemu, is_json);
	inventory_free(&inventory);
	return status;
}

const struct command client_command = {
	.name = "client",
	.about = "print what QEMU and libvirt are to be told of one",
	.usage =
	"Usage: vmpctl client [--qemu] [--libvirt] [--json] DEVICE\n"
	"\n"
	"Prints QEMU's arguments, and the XML of libvirt, that give DEVICE to a\n"
	"guest: the address of a wrapped function, or the UUID of its mdev.\n"
	"\n"
	"  --qemu      only QEMU's arguments\n"
	"  --libvirt   only libvirt's XML\n"
	"  --json      print a JSON object, with both\n",
	.run = run,
};
