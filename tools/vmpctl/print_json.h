/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * JSON for programs, as docs/vmpctl-json.md describes it.
 */
#ifndef VMPCTL_PRINT_JSON_H
#define VMPCTL_PRINT_JSON_H

#include <jansson.h>

/*
 * Of what list, show, client and doctor print: it grows when a member goes or
 * changes its meaning, not when one is added.
 */
#define JSON_SCHEMA_VERSION 1

/* @text, or null if it is "" or no UTF-8. */
json_t *json_text(const char *text);

/* Print @object, a reference to which is taken, on stdout. */
void print_json(json_t *object);

#endif /* VMPCTL_PRINT_JSON_H */
