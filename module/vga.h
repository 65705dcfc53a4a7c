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
 * Takes over from vfio-pci-core, which has registered the function a moment ago
 * and will unregister it. In that moment the arbiter heard vfio-pci-core's
 * answer, which before 7.2 is by vfio-pci's parameter.
 *
 * Context: Process context.
 */
void vmp_vga_register(struct vmp_function *fn);

/**
 * vmp_vga_refresh() - tell the arbiter what the function decodes now
 * @fn: function that vmp_vga_register() was called for
 *
 * Context: Process context, may sleep; after disable_vga has come into force or gone.
 */
void vmp_vga_refresh(struct vmp_function *fn);

#endif /* VMP_VGA_H */
