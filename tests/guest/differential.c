// SPDX-License-Identifier: GPL-2.0-only
/*
 * That a wrapped function answers as it does under vfio-pci: whatever the
 * driver does not mean to change, it must not change.
 *
 * A test binds its function to vfio-pci and asks it everything that is in
 * lib/survey/, twice, to learn what changes by itself; then it has it wrapped
 * and asks the same, by UUID and by PCI address. Answers are lines of key and
 * value, so a difference names itself.
 *
 * Another device is a SUBJECT() and a line in the table of tests. Another
 * question is a file in lib/survey/ and a line in the table of survey.c. A
 * difference that is meant is a line in lib/survey/intended.c and a section in
 * docs/differences.md.
 */
#include <stdio.h>

#include "check.h"
#include "suite.h"
#include "survey/compare.h"
#include "sysfs.h"

/* Answers that are printed, of those that differ. */
#define PRINTED_MAX 20

/* Malformed calls that are made at least, lest the survey be cut short. */
#define MALFORMED_MIN 300

/* More answers than one in so many must not change by themselves. */
#define UNSTABLE_PART 100

/* For three short surveys, or four whole ones; slow with KASAN on a busy host. */
#define SHORT_LIMIT_S 120
#define WHOLE_LIMIT_S 400

#define TOKEN "3f8a6c1e-52d7-4b0b-8f19-0c7d2e4a9b65"

/**
 * struct subject - What is surveyed
 * @name: As intended.c calls it
 * @id: The device in the machine
 * @memory_bars: As in struct survey
 * @is_vf: Not the function itself, but its first virtual function
 * @sibling: A function of its group that is open beside it, in the same space
 */
struct subject {
	const char *name;
	const char *id;
	unsigned int memory_bars;
	bool is_vf;
	const char *sibling;
};

#define SUBJECT(name_, id_, ...) \
	static const struct subject name_ = { \
		.name = #name_, .id = id_, __VA_ARGS__ \
	}

SUBJECT(edu, "edu0");
SUBJECT(nvme, "nvme0");
SUBJECT(sriov_nvme, "nvme1");
SUBJECT(nvme_vf, "nvme1", .is_vf = true);
SUBJECT(e1000e, "e1000e0");
SUBJECT(igb, "igb0");
SUBJECT(ivshmem, "ivshmem0", .memory_bars = 1 << 2);
SUBJECT(virtio_blk, "virtio0");
SUBJECT(vga, "vga0", .memory_bars = 1 << 0);
SUBJECT(e1000, "nic0");
SUBJECT(grouped_edu, "edu1");
SUBJECT(e1000_beside_its_open_sibling, "nic0", .sibling = "nic1");

/**
 * struct comparison - The data of a test
 * @subject: What is surveyed
 * @way: How it is opened
 * @is_short: By UUID only, and not all of it; @way is up to the access mode
 */
struct comparison {
	const struct subject *subject;
	enum space_way way;
	bool is_short;
};

/* Who has the function, and by which of its names it is opened. */
struct side {
	const char *name;
	const char *driver;
	bool is_wrapped;
	bool is_by_uuid;
};

static const struct side stock = { "stock", STOCK_DRIVER_NAME, false, false };
static const struct side by_uuid = { "by UUID", DRIVER_NAME, true, true };
static const struct side by_address = { "by BDF", DRIVER_NAME, true, false };

static enum space_way way_of(const struct fixture *fixture)
{
	const struct comparison *comparison = fixture->data;

	return comparison->is_short ? space_way(fixture->access) :
				      comparison->way;
}

/* A VF goes with its PF, so the fixture need not put it back. */
static void enable_vf(const struct function *pf, struct function *vf)
{
	assert_done(sysfs_write("1", PCI_DEVICES "/%s/sriov_numvfs",
				pf->address));
	snprintf(vf->id, sizeof(vf->id), "vf");
	assert_done(sysfs_link_name(vf->address, sizeof(vf->address),
				    PCI_DEVICES "/%s/virtfn0", pf->address));
	mdev_new_uuid(vf->uuid);
}

static const char *token_of(const struct fixture *fixture)
{
	return space_paths[way_of(fixture)].access == ACCESS_GROUP ?
	       " vf_token=" TOKEN : "";
}

/* VFs are opened with the token that their PF was opened with last. */
static void set_token(struct fixture *fixture, const struct function *pf,
		      const char *pf_name)
{
	struct space *space = fixture_space_by(fixture, way_of(fixture), pf);
	struct client *client;
	char name[128];

	snprintf(name, sizeof(name), "%s%s", pf_name, token_of(fixture));
	client = fixture_open_in(fixture, space, name);
	client_close(client);
	space_close(space);
}

static const char *name_of(const struct function *function,
			   const struct side *side)
{
	return side->is_by_uuid ? function->uuid : function->address;
}

/* The functions of a test, the second only if there is a sibling. */
struct functions {
	const struct function *surveyed;
	const struct function *sibling;
};

static void bind_to(const struct side *side, const struct function *function)
{
	assert_done(pci_bind(function->address, side->driver));
	if (side->is_wrapped)
		assert_done(mdev_create(function->address, function->uuid));
}

static void survey_open(struct fixture *fixture, struct survey *survey,
			const struct functions *functions,
			const struct side *side, const char *name)
{
	struct space *space = fixture_space_by(fixture, way_of(fixture),
					       functions->surveyed);
	struct client *sibling = NULL;
	const char *repeated;

	if (functions->sibling)
		sibling = fixture_open_in(fixture, space,
					  name_of(functions->sibling, side));
	survey->client = fixture_open_in(fixture, space, name);
	survey->name = name;
	survey_take(survey);
	client_close(survey->client);
	if (sibling)
		client_close(sibling);
	space_close(space);
	repeated = survey_sort(survey);
	assert_that(!repeated, "two answers have the key \"%s\"", repeated);
	assert_that(survey_count(survey, SURVEY_CALL) >= MALFORMED_MIN,
		    "only %u malformed calls were made",
		    survey_count(survey, SURVEY_CALL));
}

static void survey_vf(struct fixture *fixture, struct survey *survey,
		      const struct function *pf, const struct side *side)
{
	struct function vf = { };
	const struct functions functions = { .surveyed = &vf };
	char name[128];

	/* Before there are VFs: closing a PF resets them, too. */
	set_token(fixture, pf, name_of(pf, side));
	enable_vf(pf, &vf);
	assert_true(pci_is_bound_to(vf.address, side->driver));
	if (side->is_wrapped)
		assert_done(mdev_create(vf.address, vf.uuid));
	snprintf(name, sizeof(name), "%s%s", name_of(&vf, side),
		 token_of(fixture));
	survey_open(fixture, survey, &functions, side, name);
}

/* Bind the function, survey it, unbind it. */
static void survey_side(struct fixture *fixture, struct survey *survey,
			const struct side *side,
			const struct functions *functions)
{
	const struct comparison *comparison = fixture->data;

	*survey = (struct survey) {
		.is_short = comparison->is_short,
		.memory_bars = comparison->subject->memory_bars,
	};
	bind_to(side, functions->surveyed);
	if (functions->sibling)
		bind_to(side, functions->sibling);
	if (comparison->subject->is_vf)
		survey_vf(fixture, survey, functions->surveyed, side);
	else
		survey_open(fixture, survey, functions, side,
			    name_of(functions->surveyed, side));
	if (functions->sibling)
		assert_done(pci_unbind(functions->sibling->address));
	assert_done(pci_unbind(functions->surveyed->address));
}

/* What changes by itself must be little, and nothing but registers' contents. */
static void find_unstable(const struct survey *first,
			  const struct survey *second,
			  struct differences *unstable)
{
	unsigned int i;

	survey_compare(first, second, unstable);
	for (i = 0; i < unstable->nr; i++)
		assert_that(!strncmp(unstable->lines[i].key, SURVEY_CONTENT,
				     strlen(SURVEY_CONTENT)),
			    "%s answers first %s, then %s under " STOCK_DRIVER_NAME,
			    unstable->lines[i].key, unstable->lines[i].one,
			    unstable->lines[i].other);
	assert_that(unstable->nr * UNSTABLE_PART <= first->nr_answers,
		    "%u of %u answers are not stable under " STOCK_DRIVER_NAME,
		    unstable->nr, first->nr_answers);
}

static void print_survey(const struct survey *survey,
			 const struct differences *unstable)
{
	unsigned int i;

	printf("# %u answers, %u of them to malformed calls; %u change by themselves\n",
	       survey->nr_answers, survey_count(survey, SURVEY_CALL),
	       unstable->nr);
	for (i = 0; i < unstable->nr && i < PRINTED_MAX; i++)
		printf("# not compared: %s (%s, then %s)\n",
		       unstable->lines[i].key, unstable->lines[i].one,
		       unstable->lines[i].other);
}

static void judge(const struct fixture *fixture, const struct side *side,
		  const struct survey *expected, const struct survey *found,
		  const struct differences *unstable)
{
	const struct comparison *comparison = fixture->data;
	struct differences differences;
	const char *unseen;
	unsigned int i;

	survey_compare(expected, found, &differences);
	differences_drop(&differences, unstable);
	unseen = differences_drop_intended(&differences,
					   comparison->subject->name,
					   space_paths[way_of(fixture)].access);
	for (i = 0; i < differences.nr && i < PRINTED_MAX; i++)
		printf("# %s: %s under " STOCK_DRIVER_NAME ", %s wrapped\n",
		       differences.lines[i].key,
		       differences.lines[i].one ?: "no answer",
		       differences.lines[i].other ?: "no answer");
	assert_that(!differences.nr, "%u of %u answers differ, opened %s",
		    differences.nr, expected->nr_answers, side->name);
	assert_that(!unseen, "\"%s\" is meant to differ and does not", unseen);
	differences_free(&differences);
}

static void compare_with(struct fixture *fixture, const struct side *side,
			 const struct functions *functions,
			 const struct survey *expected,
			 const struct differences *unstable)
{
	struct survey survey;

	survey_side(fixture, &survey, side, functions);
	judge(fixture, side, expected, &survey, unstable);
	survey_free(&survey);
}

static void compare(struct fixture *fixture)
{
	const struct comparison *comparison = fixture->data;
	const struct subject *subject = comparison->subject;
	struct functions functions = { };
	struct differences unstable;
	struct survey expected;
	struct survey survey;

	if (!space_is_offered(way_of(fixture)))
		skip_because("this kernel has no %s",
			     space_paths[way_of(fixture)].name);
	functions.surveyed = fixture_take(fixture, subject->id);
	if (subject->sibling)
		functions.sibling = fixture_take(fixture, subject->sibling);
	fixture_reload_stock(fixture, "enable_sriov=1");
	survey_side(fixture, &expected, &stock, &functions);
	survey_side(fixture, &survey, &stock, &functions);
	find_unstable(&expected, &survey, &unstable);
	print_survey(&expected, &unstable);
	compare_with(fixture, &by_uuid, &functions, &expected, &unstable);
	if (!comparison->is_short)
		compare_with(fixture, &by_address, &functions, &expected,
			     &unstable);
	differences_free(&unstable);
	survey_free(&survey);
	survey_free(&expected);
}

/* In the way of the access mode that the suite runs in. */
#define SHORT(subject_) { \
	.name = #subject_ "_answers_in_short_as_under_vfio_pci", \
	.run = compare, .limit_s = SHORT_LIMIT_S, \
	.data = &(const struct comparison) { \
		.subject = &(subject_), .is_short = true, \
	}, \
}

#define WHOLE(subject_, way_name, way_, access) { \
	.name = #subject_ "_by_" way_name "_answers_as_under_vfio_pci", \
	.run = compare, .limit_s = WHOLE_LIMIT_S, .is_long = true, \
	.only_by = ONLY_BY(access), \
	.data = &(const struct comparison) { \
		.subject = &(subject_), .way = (way_), \
	}, \
}

#define TYPE1(subject) WHOLE(subject, "type1", WAY_TYPE1, ACCESS_GROUP)
#define TYPE1V2(subject) WHOLE(subject, "type1v2", WAY_TYPE1V2, ACCESS_GROUP)
#define IOMMUFD(subject) WHOLE(subject, "iommufd", WAY_IOMMUFD, ACCESS_CDEV)
#define CDEV(subject) WHOLE(subject, "cdev", WAY_CDEV, ACCESS_CDEV)

static const struct test tests[] = {
	SHORT(edu),
	SHORT(nvme),
	SHORT(e1000e),
	SHORT(e1000_beside_its_open_sibling),
	TYPE1(edu), TYPE1V2(edu), IOMMUFD(edu), CDEV(edu),
	TYPE1(nvme), TYPE1V2(nvme), IOMMUFD(nvme), CDEV(nvme),
	TYPE1(sriov_nvme), TYPE1V2(sriov_nvme), IOMMUFD(sriov_nvme), CDEV(sriov_nvme),
	TYPE1(nvme_vf), TYPE1V2(nvme_vf), IOMMUFD(nvme_vf), CDEV(nvme_vf),
	TYPE1(e1000e), TYPE1V2(e1000e), IOMMUFD(e1000e), CDEV(e1000e),
	TYPE1(igb), TYPE1V2(igb), IOMMUFD(igb), CDEV(igb),
	TYPE1(ivshmem), TYPE1V2(ivshmem), IOMMUFD(ivshmem), CDEV(ivshmem),
	TYPE1(virtio_blk), TYPE1V2(virtio_blk), IOMMUFD(virtio_blk), CDEV(virtio_blk),
	TYPE1(vga), TYPE1V2(vga), IOMMUFD(vga), CDEV(vga),
	TYPE1(e1000), TYPE1V2(e1000), IOMMUFD(e1000), CDEV(e1000),
	TYPE1(grouped_edu), TYPE1V2(grouped_edu), IOMMUFD(grouped_edu), CDEV(grouped_edu),
	TYPE1(e1000_beside_its_open_sibling),
	TYPE1V2(e1000_beside_its_open_sibling),
	IOMMUFD(e1000_beside_its_open_sibling),
	CDEV(e1000_beside_its_open_sibling),
};

SUITE("differential", tests)
