/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Legacy VGA: what a wrapped VGA adapter tells the kernel's VGA arbiter.
 */
#ifndef VMP_VGA_H
#define VMP_VGA_H

struct vmp_function;

/**
 * vmp_vga_register() - answer the arbiter by the function's own setting
 * @fn: registered function, VGA or not
 *
 * Takes over from vfio-pci-core, which has registered the function by a setting
 * for all functions, and will unregister it.
 *
 * Context: Process context.
 */
void vmp_vga_register(struct vmp_function *fn);

/**
 * vmp_vga_refresh() - tell the arbiter what the function decodes now
 * @fn: function that vmp_vga_register() was called for
 *
 * Context: Any; after disable_vga has come into force or gone.
 */
void vmp_vga_refresh(struct vmp_function *fn);

#endif /* VMP_VGA_H */
