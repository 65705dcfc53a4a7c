// SPDX-License-Identifier: GPL-2.0-only
/*
 * A function as JSON, and its group in words.
 */
#include "describe.h"

#include <stdio.h>
#include <string.h>

#include "pci_names.h"
#include "print_json.h"
#include "verdict.h"

static json_t *hex(int digits, unsigned int value)
{
	return json_sprintf("%0*x", digits, value);
}

static json_t *neighbours(const struct inventory *inventory,
			  const struct function *fn)
{
	json_t *array = json_array();
	const struct function *other;
	size_t i;

	for (i = 0; i < inventory->nr; i++) {
		other = &inventory->function[i];
		if (!function_is_beside(fn, other))
			continue;
		json_array_append_new(array,
				      json_pack("{s:o, s:o}",
						"address", json_text(other->bdf),
						"driver",
						json_text(other->driver)));
	}
	return array;
}

static json_t *words(const char *text)
{
	json_t *array = json_array();
	size_t length;

	for (;;) {
		text += strspn(text, " ");
		length = strcspn(text, " ");
		if (!length)
			return array;
		json_array_append_new(array, json_stringn(text, length));
		text += length;
	}
}

static json_t *obstacles(const struct verdict *verdict)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < verdict->nr; i++)
		json_array_append_new(array,
				      json_pack("{s:s, s:s}", "code",
						verdict->obstacle[i].code,
						"text",
						verdict->obstacle[i].text));
	return array;
}

static json_t *ids(const struct function *fn)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}",
			 "vendor", hex(4, fn->vendor),
			 "device", hex(4, fn->device),
			 "subsystem_vendor", hex(4, fn->subsystem_vendor),
			 "subsystem_device", hex(4, fn->subsystem_device),
			 "class", hex(6, fn->class_code),
			 "revision", hex(2, fn->revision));
}

json_t *describe_function(const struct inventory *inventory,
			  const struct function *fn)
{
	struct verdict verdict = verdict_of(inventory, fn);
	json_t *object = json_object();
	char name[256];

	json_object_set_new(object, "address", json_text(fn->bdf));
	json_object_set_new(object, "name",
			    json_text(pci_name(fn, name, sizeof(name))));
	json_object_set_new(object, "ids", ids(fn));
	json_object_set_new(object, "iommu_group",
			    fn->group == NO_GROUP ? json_null() :
						    json_integer(fn->group));
	json_object_set_new(object, "neighbours", neighbours(inventory, fn));
	json_object_set_new(object, "driver", json_text(fn->driver));
	json_object_set_new(object, "driver_override",
			    json_text(fn->override));
	json_object_set_new(object, "reset_methods", words(fn->reset_methods));
	json_object_set_new(object, "wrap",
			    json_string(state_word(verdict.state)));
	json_object_set_new(object, "obstacles", obstacles(&verdict));
	json_object_set_new(object, "mdev", json_text(fn->uuid));
	return object;
}

const char *describe_neighbours(const struct inventory *inventory,
				const struct function *fn, char *text,
				size_t size)
{
	const struct function *other;
	size_t used = 0;
	size_t i;

	*text = 0;
	for (i = 0; i < inventory->nr; i++) {
		other = &inventory->function[i];
		if (!function_is_beside(fn, other) || used >= size)
			continue;
		used += snprintf(text + used, size - used, "%s%s%s%s%s",
				 used ? ", " : "", other->bdf,
				 *other->driver ? " (" : "", other->driver,
				 *other->driver ? ")" : "");
	}
	return text;
}
