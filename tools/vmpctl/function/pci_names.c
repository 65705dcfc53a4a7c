// SPDX-License-Identifier: GPL-2.0-only
/*
 * What people call a PCI function: libpci looks it up in pci.ids.
 */
#include "pci_names.h"

#include <pci/pci.h>
#include <setjmp.h>
#include <stdio.h>

#include "sysroot.h"

static struct pci_access *names;

/* Where libpci's complaint leads: it must not return to libpci. */
static jmp_buf complaint;
static bool is_useless;

__attribute__((format(printf, 1, 2)))
static void say_nothing(char *format, ...)
{
	(void)format;
}

/* A damaged list of names is no reason to show nothing. */
__attribute__((noreturn, format(printf, 1, 2)))
static void give_up(char *format, ...)
{
	(void)format;
	is_useless = true;
	longjmp(complaint, 1);
}

/* Another root's names are those that it has, not this machine's. */
static void begin(void)
{
	static char ids[PATH_MAX];

	if (names)
		return;
	names = pci_alloc();
	names->error = give_up;
	names->warning = say_nothing;
	names->debug = say_nothing;
	if (*sysroot() && !sysroot_path(ids, "/usr/share/misc/pci.ids"))
		pci_set_name_list_path(names, ids, 0);
}

/* Leaves @name as it is if there are no names. */
static void look_up(char *name, size_t size, int flags, int id, int id2)
{
	begin();
	if (is_useless || setjmp(complaint))
		return;
	pci_lookup_name(names, name, size, flags, id, id2);
}

const char *pci_name(const struct function *fn, char *name, size_t size)
{
	int flags = PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE | PCI_LOOKUP_MIXED |
		    (*sysroot() ? PCI_LOOKUP_NO_HWDB : 0);

	snprintf(name, size, "[%04x:%04x]", fn->vendor, fn->device);
	look_up(name, size, flags, fn->vendor, fn->device);
	return name;
}

const char *pci_class_name(const struct function *fn, char *name, size_t size)
{
	snprintf(name, size, "[%04x]", fn->class_code >> 8);
	look_up(name, size, PCI_LOOKUP_CLASS, fn->class_code >> 8, 0);
	return name;
}

void pci_names_end(void)
{
	if (names)
		pci_cleanup(names);
	names = NULL;
}
