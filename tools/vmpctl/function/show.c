// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmpctl show: everything about one function.
 */
#include <stdio.h>
#include <string.h>

#include "arguments.h"
#include "command.h"
#include "describe.h"
#include "details.h"
#include "pci_names.h"
#include "print_json.h"
#include "select.h"
#include "terminal.h"
#include "verdict.h"

#define LABEL_WIDTH 16

static void print_line(const char *label, const char *text)
{
	terminal_cell(COLOUR_NONE, LABEL_WIDTH, label);
	terminal_wrapped(LABEL_WIDTH, LABEL_WIDTH, *text ? text : "-");
}

static void print_what(const struct function *fn)
{
	char text[320];
	char name[256];

	snprintf(text, sizeof(text), "%s  ", fn->bdf);
	terminal_cell(COLOUR_HEAD, 0, text);
	puts(pci_name(fn, name, sizeof(name)));
	snprintf(text, sizeof(text), "%s, revision %02x",
		 pci_class_name(fn, name, sizeof(name)), fn->revision);
	print_line("class", text);
	snprintf(text, sizeof(text), "%04x:%04x, subsystem %04x:%04x",
		 fn->vendor, fn->device, fn->subsystem_vendor,
		 fn->subsystem_device);
	print_line("ids", text);
}

static void print_place(const struct inventory *inventory,
			const struct function *fn,
			const struct details *details)
{
	char others[1024];
	char text[1100];

	print_line("driver", fn->driver);
	if (*fn->override)
		print_line("driver override", fn->override);
	if (fn->group == NO_GROUP)
		snprintf(text, sizeof(text), "none");
	else if (*describe_neighbours(inventory, fn, others, sizeof(others)))
		snprintf(text, sizeof(text), "%d, with %s", fn->group, others);
	else
		snprintf(text, sizeof(text), "%d, alone in it", fn->group);
	print_line("IOMMU group", text);
	print_line("reset methods", fn->reset_methods);
	if (fn->numa_node >= 0) {
		snprintf(text, sizeof(text), "%d", fn->numa_node);
		print_line("NUMA node", text);
	}
	if (*details->link_speed) {
		snprintf(text, sizeof(text), "%s, %s lanes",
			 details->link_speed, details->link_width);
		print_line("link", text);
	}
	if (*fn->physical) {
		snprintf(text, sizeof(text), "a VF of %s", fn->physical);
		print_line("SR-IOV", text);
	} else if (fn->max_vfs) {
		snprintf(text, sizeof(text), "%u of %u VFs enabled",
			 fn->nr_vfs, fn->max_vfs);
		print_line("SR-IOV", text);
	}
}

static void print_users(const struct users *users)
{
	char text[256] = "";
	size_t used = 0;
	size_t i;

	for (i = 0; i < users->nr; i++)
		used += snprintf(text + used, sizeof(text) - used,
				 "%s %d", used ? "," : "process",
				 users->pid[i]);
	if (!users->nr)
		used = snprintf(text, sizeof(text), "nobody");
	if (users->nr_hidden && used < sizeof(text))
		snprintf(text + used, sizeof(text) - used,
			 ", as far as can be seen; root sees all");
	print_line("used by", text);
}

static void print_wrapped(const struct function *fn,
			  const struct details *details)
{
	const struct setting *setting;
	char text[128];
	size_t i;

	print_line("mdev", *fn->uuid ? fn->uuid : "none");
	if (*details->type)
		print_line("mdev type", details->type);
	print_users(&details->users);
	for (i = 0; i < details->nr_settings; i++) {
		setting = &details->setting[i];
		if (!strcmp(setting->asked, setting->effective))
			snprintf(text, sizeof(text), "%s", setting->asked);
		else
			snprintf(text, sizeof(text), "%s asked for, %s in force",
				 setting->asked, *setting->effective ?
				 setting->effective : "unknown");
		printf("%-28s %s\n", setting->name, text);
	}
	for (i = 0; i < details->nr_counters; i++)
		printf("%-28s %s\n", details->counter[i].name,
		       details->counter[i].value);
}

static void print_text(const struct inventory *inventory,
		       const struct function *fn,
		       const struct details *details)
{
	struct verdict verdict = verdict_of(inventory, fn);
	size_t i;

	print_what(fn);
	print_line("wrap", state_word(verdict.state));
	for (i = 0; i < verdict.nr; i++)
		print_line("", verdict.obstacle[i].text);
	print_place(inventory, fn, details);
	if (function_is_bound(fn))
		print_wrapped(fn, details);
}

static json_t *settings_json(const struct details *details)
{
	json_t *object = json_object();
	const struct setting *setting;
	size_t i;

	for (i = 0; i < details->nr_settings; i++) {
		setting = &details->setting[i];
		json_object_set_new(object, setting->name,
				    json_pack("{s:o, s:o}", "asked",
					      json_text(setting->asked),
					      "effective",
					      json_text(setting->effective)));
	}
	return object;
}

static json_t *counters_json(const struct details *details)
{
	json_t *object = json_object();
	size_t i;

	for (i = 0; i < details->nr_counters; i++)
		json_object_set_new(object, details->counter[i].name,
				    json_text(details->counter[i].value));
	return object;
}

static json_t *users_json(const struct users *users)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < users->nr; i++)
		json_array_append_new(array, json_integer(users->pid[i]));
	return array;
}

static void print_one_json(const struct inventory *inventory,
			   const struct function *fn,
			   const struct details *details)
{
	json_t *object = describe_function(inventory, fn);
	char name[256];

	json_object_set_new(object, "version",
			    json_integer(JSON_SCHEMA_VERSION));
	json_object_set_new(object, "class_name",
			    json_text(pci_class_name(fn, name, sizeof(name))));
	json_object_set_new(object, "numa_node",
			    fn->numa_node < 0 ? json_null() :
						json_integer(fn->numa_node));
	json_object_set_new(object, "link_speed",
			    json_text(details->link_speed));
	json_object_set_new(object, "link_width",
			    json_text(details->link_width));
	json_object_set_new(object, "sriov",
			    json_pack("{s:i, s:i, s:o}", "enabled",
				      (int)fn->nr_vfs, "possible",
				      (int)fn->max_vfs, "vf_of",
				      json_text(fn->physical)));
	json_object_set_new(object, "mdev_type", json_text(details->type));
	json_object_set_new(object, "cdev", json_text(details->cdev));
	json_object_set_new(object, "settings", settings_json(details));
	json_object_set_new(object, "migration", counters_json(details));
	json_object_set_new(object, "users", users_json(&details->users));
	json_object_set_new(object, "all_users_known",
			    json_boolean(!details->users.nr_hidden));
	print_json(object);
}

static enum status run(int argc, char **argv)
{
	struct inventory inventory;
	const struct function *fn;
	struct details details;
	bool is_json = false;
	const struct argument known[] = {
		{ "json", &is_json, NULL },
		{ NULL, NULL, NULL },
	};
	enum status status;

	if (!arguments_take(&show_command, &argc, &argv, known, &status))
		return status;
	if (argc != 1)
		return fail_usage(&show_command, "it takes one device");
	inventory = inventory_read();
	status = select_function(&inventory, argv[0], &fn);
	if (!status) {
		details_read(&details, fn);
		(is_json ? print_one_json : print_text)(&inventory, fn,
							&details);
	}
	pci_names_end();
	inventory_free(&inventory);
	return status;
}

const struct command show_command = {
	.name = "show",
	.about = "show everything about one function",
	.usage =
	"Usage: vmpctl show [--json] DEVICE\n"
	"\n"
	"Shows the function with the PCI address DEVICE, or whose mdev has that\n"
	"UUID: its group, its settings, who uses it. Needs no privilege, but only\n"
	"root sees all users.\n"
	"\n"
	"  --json   print a JSON object\n",
	.run = run,
};
