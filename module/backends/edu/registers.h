/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers of QEMU's "edu", all in BAR 0 (docs/specs/edu.rst of QEMU). */
#ifndef EDU_REGISTERS_H
#define EDU_REGISTERS_H

#define EDU_LIVENESS 0x04 /* reads as the inverse of what was written */
#define EDU_FACTORIAL 0x08 /* the operand, and after COMPUTING the result */
#define EDU_STATUS 0x20
#define EDU_IRQ_STATUS 0x24
#define EDU_IRQ_RAISE 0x60 /* sets bits of IRQ_STATUS, and interrupts */
#define EDU_IRQ_ACK 0x64 /* clears them */
#define EDU_STATUS_COMPUTING 0x01
#define EDU_STATUS_IRQ_WHEN_DONE 0x80

/* The DMA engine. While it runs, it ignores writes to all four. */
#define EDU_DMA_SOURCE 0x80
#define EDU_DMA_TARGET 0x88
#define EDU_DMA_COUNT 0x90
#define EDU_DMA_COMMAND 0x98 /* a write without RUN is ignored */
#define EDU_DMA_RUN 0x1ULL /* clears itself */
#define EDU_DMA_TO_MEMORY 0x2ULL /* else from memory */

/* The device's own memory, which only its DMA engine can reach. */
#define EDU_BUFFER 0x40000
#define EDU_BUFFER_BYTES 4096

#endif /* EDU_REGISTERS_H */
