// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmpctl list: the machine's PCI functions, and which can be wrapped.
 */
#include <stdio.h>
#include <string.h>

#include "arguments.h"
#include "command.h"
#include "describe.h"
#include "pci_names.h"
#include "print_json.h"
#include "terminal.h"
#include "verdict.h"

/* Where the name begins, and what stands below an address. */
#define NAME_COLUMN 59
#define INDENT 2

static const enum colour colours[] = {
	[STATE_FREE] = COLOUR_GOOD,
	[STATE_REFUSED] = COLOUR_BAD,
	[STATE_BOUND] = COLOUR_NOTE,
	[STATE_WRAPPED] = COLOUR_NOTE,
};

static const char *or_dash(const char *text)
{
	return *text ? text : "-";
}

/* At least one space follows what is too wide for its column. */
static void print_cell(enum colour colour, unsigned int width, const char *text)
{
	terminal_cell(colour, width - 1, text);
	putchar(' ');
}

static void print_head(void)
{
	print_cell(COLOUR_HEAD, 14, "ADDRESS");
	print_cell(COLOUR_HEAD, 9, "WRAP");
	print_cell(COLOUR_HEAD, 7, "GROUP");
	print_cell(COLOUR_HEAD, 16, "DRIVER");
	print_cell(COLOUR_HEAD, 13, "RESET");
	terminal_cell(COLOUR_HEAD, 0, "NAME\n");
}

static void print_note(const char *text)
{
	printf("%*s", INDENT, "");
	terminal_wrapped(INDENT, INDENT, text);
}

static void print_notes(const struct inventory *inventory,
			const struct function *fn,
			const struct verdict *verdict)
{
	char note[1100];
	char text[1024];
	size_t i;

	for (i = 0; i < verdict->nr; i++)
		print_note(verdict->obstacle[i].text);
	if (*describe_neighbours(inventory, fn, text, sizeof(text))) {
		snprintf(note, sizeof(note), "in its group: %s", text);
		print_note(note);
	}
	if (*fn->uuid) {
		snprintf(note, sizeof(note), "its mdev: %s", fn->uuid);
		print_note(note);
	}
}

static void print_function(const struct inventory *inventory,
			   const struct function *fn)
{
	struct verdict verdict = verdict_of(inventory, fn);
	char group[16] = "-";
	char name[256];

	if (fn->group != NO_GROUP)
		snprintf(group, sizeof(group), "%d", fn->group);
	print_cell(COLOUR_NONE, 14, fn->bdf);
	print_cell(colours[verdict.state], 9, state_word(verdict.state));
	print_cell(COLOUR_NONE, 7, group);
	print_cell(COLOUR_NONE, 16, or_dash(fn->driver));
	print_cell(COLOUR_NONE, 13, or_dash(fn->reset_methods));
	terminal_rest(NAME_COLUMN, pci_name(fn, name, sizeof(name)));
	print_notes(inventory, fn, &verdict);
}

static void print_text(const struct inventory *inventory, bool is_all)
{
	size_t nr_hidden = 0;
	size_t i;

	print_head();
	for (i = 0; i < inventory->nr; i++) {
		if (is_all || !inventory->function[i].is_bridge)
			print_function(inventory, &inventory->function[i]);
		else
			nr_hidden++;
	}
	if (nr_hidden)
		printf("\nnot shown: %zu bridge%s, which cannot be wrapped (--all)\n",
		       nr_hidden, nr_hidden == 1 ? "" : "s");
}

static void print_all_json(const struct inventory *inventory, bool is_all)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < inventory->nr; i++) {
		if (is_all || !inventory->function[i].is_bridge)
			json_array_append_new(array,
					      describe_function(inventory,
								&inventory->function[i]));
	}
	print_json(json_pack("{s:i, s:o}", "version", JSON_SCHEMA_VERSION,
			     "functions", array));
}

static enum status run(int argc, char **argv)
{
	struct inventory inventory;
	bool is_json = false;
	bool is_all = false;
	const struct argument known[] = {
		{ "json", &is_json, NULL },
		{ "all", &is_all, NULL },
		{ NULL, NULL, NULL },
	};
	enum status status;

	if (!arguments_take(&list_command, &argc, &argv, known, &status))
		return status;
	if (argc)
		return fail_usage(&list_command, "it takes no \"%s\"; show does",
				  argv[0]);
	inventory = inventory_read();
	(is_json ? print_all_json : print_text)(&inventory, is_all);
	pci_names_end();
	inventory_free(&inventory);
	return STATUS_DONE;
}

const struct command list_command = {
	.name = "list",
	.about = "show all PCI functions, and which can be wrapped",
	.usage =
	"Usage: vmpctl list [--all] [--json]\n"
	"\n"
	"Shows the machine's PCI functions: whether each can be wrapped and if\n"
	"not why, its IOMMU group and who else is in it, its driver, and how it\n"
	"can be reset. Needs no privilege.\n"
	"\n"
	"  --all    show bridges, too, which cannot be wrapped\n"
	"  --json   print a JSON object\n",
	.run = run,
};
