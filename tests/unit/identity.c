// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which device's state may go to which, by vmp_identity_mismatch().
 */
#include "unit.h"

#include "image.h"
#include "migration/stream.h"

/* The version of ours is 3, for readers from 2 on. */
#define OLDEST_READABLE 2

static struct vmp_identity identity(void)
{
	struct vmp_identity identity;

	assert_int_equal(sizeof(identity), IDENTITY_BYTES);
	memcpy(&identity, image_identity_bytes, sizeof(identity));
	return identity;
}

static void state_of_an_equal_device_is_taken(void **state)
{
	struct vmp_identity theirs = identity();
	struct vmp_identity ours = identity();

	(void)state;
	assert_null(vmp_identity_mismatch(&theirs, &ours, OLDEST_READABLE));
}

/* Every byte but the versions', in either of the two. */
static void every_field_that_differs_is_named(void **state)
{
	static const struct {
		size_t from;
		size_t to;
		const char *name;
	} fields[] = {
		{ 0, 16, "the backend" },
		{ 24, 26, "the vendor id" },
		{ 26, 28, "the device id" },
		{ 28, 30, "the subsystem vendor id" },
		{ 30, 32, "the subsystem id" },
		{ 32, 36, "the class or revision" },
		{ 36, 38, "the number of MSI vectors" },
		{ 38, 40, "the number of MSI-X vectors" },
		{ 40, 48, "the set of capabilities" },
		{ 48, 96, "the size of a BAR" },
		{ 96, 102, "the type of a BAR" },
		{ 102, 128, "a field that is not known here" },
	};
	struct vmp_identity theirs = identity();
	struct vmp_identity ours = identity();
	size_t byte;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		for (byte = fields[i].from; byte < fields[i].to; byte++) {
			((uint8_t *)&theirs)[byte] ^= 0x80;
			assert_string_equal(vmp_identity_mismatch(&theirs,
								  &ours, 2),
					    fields[i].name);
			((uint8_t *)&theirs)[byte] ^= 0x80;
			((uint8_t *)&ours)[byte] ^= 1;
			assert_string_equal(vmp_identity_mismatch(&theirs,
								  &ours, 2),
					    fields[i].name);
			((uint8_t *)&ours)[byte] ^= 1;
		}
	}
}

static const char *versions(uint32_t version, uint32_t oldest_reader,
			    uint32_t our_version, uint32_t oldest_readable)
{
	struct vmp_identity theirs = identity();
	struct vmp_identity ours = identity();

	put32((uint8_t *)&theirs + 16, version);
	put32((uint8_t *)&theirs + 20, oldest_reader);
	put32((uint8_t *)&ours + 16, our_version);
	return vmp_identity_mismatch(&theirs, &ours, oldest_readable);
}

static void versions_of_a_backend_go_together(void **state)
{
	static const char mismatch[] = "the version of the backend";

	(void)state;
	assert_null(versions(1, 1, 1, 1));
	/* older, as far back as it is readable */
	assert_null(versions(2, 1, 5, 2));
	assert_string_equal(versions(1, 1, 5, 2), mismatch);
	/* newer, if it says that we can read it */
	assert_null(versions(9, 5, 5, 2));
	assert_string_equal(versions(9, 6, 5, 2), mismatch);
	assert_string_equal(versions(0x80000000, 0x80000000, 5, 2), mismatch);
	/* a writer that cannot read what it writes */
	assert_string_equal(versions(3, 4, 5, 2), mismatch);
	assert_string_equal(versions(0, 0, 1, 1), mismatch);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(state_of_an_equal_device_is_taken),
	cmocka_unit_test(every_field_that_differs_is_named),
	cmocka_unit_test(versions_of_a_backend_go_together),
};

UNIT_MAIN(tests)
