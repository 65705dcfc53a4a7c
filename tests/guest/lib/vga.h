/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's VGA arbiter, as /dev/vga_arbiter shows it
 * (Documentation/gpu/vgaarbiter.rst).
 */
#ifndef LIB_VGA_H
#define LIB_VGA_H

#include <stddef.h>

/**
 * vga_decodes() - Which legacy VGA cycles an adapter is said to decode
 * @text: Where the answer goes: "none", "io", "mem", or "io+mem"
 * @size: Bytes at @text
 * @address: The adapter
 *
 * Return: 0 or a -errno.
 */
int vga_decodes(char *text, size_t size, const char *address);

#endif
