/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a test and vmp_test_backend.c agree on. The backend stands in front of
 * three registers of 8 bytes; writing the last of them makes a call.
 */
#ifndef VMP_TEST_BACKEND_H
#define VMP_TEST_BACKEND_H

/* Where the window is, unless a parameter says otherwise: unused by nvme. */
#define TEST_WINDOW 0x1f00

/* In the window */
#define TEST_PLACE 0x00 /* BAR << 32 | offset, or an I/O address */
#define TEST_VALUE 0x08 /* is written or was read; for DMA: bytes */
#define TEST_CALL 0x10 /* one of the calls below; write only */
#define TEST_WINDOW_BYTES 0x18

enum test_call {
	TEST_READ8 = 1,
	TEST_READ16,
	TEST_READ32,
	TEST_READ64,
	TEST_WRITE8,
	TEST_WRITE16,
	TEST_WRITE32,
	TEST_WRITE64,
	TEST_GUEST_READ,
	TEST_GUEST_WRITE,
	TEST_DMA_BEGIN,
	TEST_DMA_END,
	TEST_DMA_BEGIN_EACH /* ranges of 1 byte, of 2, up to that many */
};

/* Bits of the parameter "fail": operations that fail, with -EREMOTEIO or "error" */
enum test_operation {
	TEST_QUIESCE,
	TEST_RESUME,
	TEST_STOP,
	TEST_START,
	TEST_SAVE_BEGIN,
	TEST_LOAD_BEGIN,
	TEST_LOAD,
	TEST_RESET,
	TEST_ATTACH
};

#endif
