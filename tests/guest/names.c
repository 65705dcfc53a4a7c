// SPDX-License-Identifier: GPL-2.0-only
/*
 * By which names a device can be had, and that without an mdev it cannot be
 * had by any. VF tokens that matter are in sriov.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "edu.h"
#include "suite.h"
#include "sysfs.h"

#define TOKEN "00112233-4455-6677-8899-aabbccddeeff"

#define NO_NAMES "a device node is opened by path, not by name"

static void assert_name(struct space *space, int error, const char *format,
			const char *name)
{
	char text[512];
	int ret;

	snprintf(text, sizeof(text), format, name);
	ret = space_open_device(space, text);
	if (ret >= 0)
		close(ret);
	if (!error)
		assert_that(ret >= 0, "'%s' was refused: %s", text,
			    failure_text());
	else
		assert_that(ret == -error, "'%s' gave %d, not \"%s\"", text,
			    ret, strerror(error));
}

/* By group, a name that may be any; by cdev, the two paths there are. */
static void assert_no_name_opens(struct fixture *fixture, struct space *space,
				 const struct function *function)
{
	assert_name(space, ENODEV, "%s", function->uuid);
	assert_name(space, ENODEV, "%s", function->address);
	if (fixture->access == ACCESS_CDEV)
		return;
	assert_name(space, ENODEV, "%s vf_token=" TOKEN, function->uuid);
	assert_name(space, ENODEV, "%s vf_token=" TOKEN, function->address);
	assert_name(space, ENODEV, "%s ", function->uuid);
	assert_name(space, ENODEV, "%s", "");
	assert_name(space, ENODEV, "%s", " ");
	assert_name(space, ENODEV, "%s", DRIVER_NAME);
	assert_name(space, ENODEV, "%s",
		    "00000000-0000-0000-0000-000000000000");
}

static void no_name_opens_before_create(struct fixture *fixture)
{
	struct function *edu = fixture_bind(fixture, "edu0");

	assert_no_name_opens(fixture, fixture_space(fixture, edu), edu);
}

static void no_name_opens_after_remove(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct space *space = fixture_space(fixture, edu);

	assert_name(space, 0, "%s", edu->uuid);
	assert_done(mdev_remove(edu->uuid));
	assert_no_name_opens(fixture, space, edu);
}

/*
 * By cdev the node itself can be found and opened, but binding it must fail;
 * the mdev of a neighbour in the same group must not open it either.
 */
static void mdev_of_a_neighbour_opens_nothing(struct fixture *fixture)
{
	struct function *edu = fixture_bind(fixture, "edu1");
	struct function *other = fixture_create(fixture, "edu2");
	struct space *space = fixture_space(fixture, edu);

	assert_no_name_opens(fixture, space, edu);
	assert_name(space, 0, "%s", other->uuid);
}

static void uuid_and_address_open_while_the_mdev_exists(
	struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct space *space = fixture_space(fixture, edu);

	assert_name(space, 0, "%s", edu->uuid);
	assert_name(space, 0, "%s", edu->address);
}

static void each_name_opens_its_own_function(struct fixture *fixture)
{
	struct function *one = fixture_create(fixture, "edu1");
	struct function *other = fixture_create(fixture, "edu2");
	struct space *space = fixture_space(fixture, one);
	struct client *ones = fixture_open_in(fixture, space, one->uuid);
	struct client *others = fixture_open_in(fixture, space, other->uuid);

	assert_done(edu_start(ones));
	assert_done(edu_start(others));
	edu_write(ones, EDU_REG_LIVENESS, 1);
	edu_write(others, EDU_REG_LIVENESS, 2);
	assert_int_equal(edu_read(ones, EDU_REG_LIVENESS), (uint32_t)~1);
	client_close(ones);
	/* By its address, the same registers are seen as by its UUID. */
	ones = fixture_open_in(fixture, space, one->address);
	assert_done(edu_start(ones));
	edu_write(ones, EDU_REG_LIVENESS, 3);
	assert_int_equal(edu_read(others, EDU_REG_LIVENESS), (uint32_t)~2);
}

static void names_that_only_resemble_are_refused(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct space *space = fixture_space(fixture, edu);
	char shorter[MDEV_UUID_SIZE];

	strcpy(shorter, edu->uuid);
	shorter[MDEV_UUID_SIZE - 2] = '\0';
	assert_name(space, ENODEV, "%s", shorter);
	assert_name(space, ENODEV, "%s0", edu->uuid);
	assert_name(space, ENODEV, "%s,vf_token=" TOKEN, edu->uuid);
	assert_name(space, ENODEV, " %s", edu->uuid);
	assert_name(space, ENODEV, "{%s}", edu->uuid);
	assert_name(space, ENODEV, "%s0", edu->address);
	assert_name(space, ENODEV, "%s", edu->address + 5);
	assert_name(space, 0, "%s", edu->uuid);
}

static void what_follows_a_name_is_judged_as_vfio_pci_does(
	struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct space *space = fixture_space(fixture, edu);

	/* vfio_pci_core_match(): only spaces and one vf_token= may follow. */
	assert_name(space, 0, "%s ", edu->uuid);
	assert_name(space, EINVAL, "%s nonsense", edu->uuid);
	assert_name(space, EINVAL, "%s vf_token=1234", edu->uuid);
	assert_name(space, EINVAL,
		    "%s vf_token=00112233-4455-6677-8899-aabbccddeefg",
		    edu->uuid);
	/* A function without SR-IOV has no use for a token. */
	assert_name(space, EINVAL, "%s vf_token=" TOKEN, edu->uuid);
	assert_name(space, EINVAL, "%s vf_token=" TOKEN, edu->address);
}

static void overlong_names_are_refused_or_judged_whole(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct space *space = fixture_space(fixture, edu);
	long page = sysconf(_SC_PAGESIZE);
	char *name = malloc(page + 1);
	int ret;

	assert_non_null(name);
	memset(name, ' ', page);
	name[page] = '\0';
	memcpy(name, edu->uuid, MDEV_UUID_SIZE - 1);
	assert_refused(space_open_device(space, name), EINVAL);
	name[page - 1] = '\0';
	ret = space_open_device(space, name);
	assert_done(ret);
	close(ret);
	name[page - 2] = 'x';
	assert_refused(space_open_device(space, name), EINVAL);
	free(name);
}

static const struct test tests[] = {
	TEST(no_name_opens_before_create),
	TEST(no_name_opens_after_remove),
	TEST(mdev_of_a_neighbour_opens_nothing),
	TEST(uuid_and_address_open_while_the_mdev_exists),
	TEST(each_name_opens_its_own_function),
	GROUP_TEST(names_that_only_resemble_are_refused, NO_NAMES),
	GROUP_TEST(what_follows_a_name_is_judged_as_vfio_pci_does, NO_NAMES),
	GROUP_TEST(overlong_names_are_refused_or_judged_whole, NO_NAMES),
};

SUITE("names", tests)
