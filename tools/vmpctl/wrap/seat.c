// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a person in front of the machine has of a function: the screen that the
 * console is on, keyboard and mouse. The kernel uses them, so nobody has them open.
 */
#include "seat.h"

#include <linux/input-event-codes.h>
#include <stdlib.h>
#include <string.h>

#include "below.h"
#include "function/inventory.h"
#include "sysroot.h"

#define CONSOLES "/sys/class/vtconsole"
#define INPUT "/sys/class/input"

/* "(M) frame buffer device" or "(S) VGA+"; a dummy shows nothing. */
static bool console_is_by(const char *word)
{
	struct names names = sysroot_list(CONSOLES);
	bool is_found = false;
	int64_t is_bound;
	char name[64];
	size_t i;

	for (i = 0; i < names.nr && !is_found; i++) {
		sysroot_number(&is_bound, CONSOLES "/%s/bind", names.name[i]);
		sysroot_read(name, sizeof(name), CONSOLES "/%s/name",
			     names.name[i]);
		is_found = is_bound && strstr(name, word);
	}
	names_free(&names);
	return is_found;
}

/* The console is on the first one, unless the kernel was told otherwise. */
static bool find_first_screen(char screen[16])
{
	struct names names = sysroot_list("/sys/class/graphics");
	bool is_found = false;
	size_t i;

	for (i = 0; i < names.nr && !is_found; i++)
		is_found = sscanf(names.name[i], "%15[fb0-9]", screen) == 1 &&
			   !strncmp(screen, "fb", 2) && screen[2] &&
			   !strcmp(screen, names.name[i]);
	names_free(&names);
	return is_found;
}

/*
 * What firmware has set up (efifb, simpledrm) is the screen of the adapter that
 * it started with, but no device of that before Linux 6.9.
 */
static bool is_firmwares(const char *screen)
{
	char real[PATH_MAX];

	return !sysroot_real(real, "/sys/class/graphics/%s", screen) &&
	       strstr(real, "/platform/") && strstr(real, "-framebuffer.");
}

void seat_find_console(struct hazards *hazards, const char *bdf)
{
	int64_t is_boot_vga;
	char screen[16];
	char name[40];

	sysroot_number(&is_boot_vga, PCI_DEVICES "/%s/boot_vga", bdf);
	if (is_boot_vga && console_is_by("VGA"))
		hazards_add(hazards, HAZARD_CONSOLE, bdf,
			    "the console is on its screen, as VGA text");
	if (!console_is_by("frame buffer") || !find_first_screen(screen))
		return;
	if (!is_below(bdf, "graphics", screen) &&
	    !(is_boot_vga && is_firmwares(screen)))
		return;
	sysroot_read(name, sizeof(name), "/sys/class/graphics/%s/name", screen);
	hazards_add(hazards, HAZARD_CONSOLE, bdf,
		    "the console is on its screen, %s (%s)", screen, name);
}

/* What an input device must be able to send to be one. */
static const struct {
	const char *what;
	struct {
		const char *kind;
		unsigned int code;
	} needs[2];
} inputs[] = {
	{ "keyboard", { { "key", KEY_Q }, { "key", KEY_SPACE } } },
	{ "mouse", { { "key", BTN_LEFT }, { "rel", REL_X } } },
	{ "pointer", { { "key", BTN_LEFT }, { "abs", ABS_X } } },
	{ "touch screen", { { "key", BTN_TOUCH }, { "abs", ABS_X } } },
};

/* Numbers as long as the kernel's long, the one with bit 0 last. */
static bool can_send(const char *input, const char *kind, unsigned int code)
{
	const unsigned int bits = 8 * sizeof(long);
	unsigned int skip = code / bits;
	char text[256];
	char *last;

	sysroot_read(text, sizeof(text), INPUT "/%s/capabilities/%s", input,
		     kind);
	for (last = strrchr(text, ' '); skip && last; skip--) {
		*last = 0;
		last = strrchr(text, ' ');
	}
	if (skip)
		return false;
	return strtoull(last ? last : text, NULL, 16) >> code % bits & 1;
}

static void find_input(struct hazards *hazards, const char *bdf,
		       const char *input)
{
	char name[80];
	size_t i;

	for (i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
		if (!can_send(input, inputs[i].needs[0].kind,
			      inputs[i].needs[0].code) ||
		    !can_send(input, inputs[i].needs[1].kind,
			      inputs[i].needs[1].code))
			continue;
		sysroot_read(name, sizeof(name), INPUT "/%s/name", input);
		hazards_add(hazards, HAZARD_INPUT, bdf, "the %s %s is on it",
			    inputs[i].what, name);
		return;
	}
}

void seat_find_input(struct hazards *hazards, const char *bdf)
{
	struct names names = sysroot_list(INPUT);
	size_t i;

	for (i = 0; i < names.nr; i++) {
		if (is_below(bdf, "input", names.name[i]))
			find_input(hazards, bdf, names.name[i]);
	}
	names_free(&names);
}
