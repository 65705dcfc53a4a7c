// SPDX-License-Identifier: GPL-2.0-only
/*
 * That a wrapped function answers as it does under vfio-pci: whatever the
 * driver does not mean to change, it must not change.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "check.h"
#include "irq.h"
#include "region.h"
#include "suite.h"

#define CONFIG_BYTES 4096
#define NR_FEATURES 16

/* A survey's text: one line an answer. */
struct survey {
	char text[65536];
	size_t used;
};

static void __attribute__((format(printf, 2, 3)))
note(struct survey *survey, const char *format, ...)
{
	size_t room = sizeof(survey->text) - survey->used;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(survey->text + survey->used, room, format, args);
	va_end(args);
	assert_that(len >= 0 && (size_t)len < room, "a survey is too long");
	survey->used += len;
}

static void survey_region(struct survey *survey, struct client *client,
			  unsigned int index)
{
	const struct vfio_info_cap_header *header;
	union region_info region;
	int ret = region_query(client, index, &region);
	uint16_t id;

	note(survey, "region %u: %d", index, ret);
	if (!ret)
		note(survey, " flags %#x size %#llx offset %#llx",
		     region.info.flags, region.info.size, region.info.offset);
	for (id = 0; !ret && id < 16; id++) {
		header = region_capability(&region, id);
		if (header)
			note(survey, " capability %u version %u", id,
			     header->version);
	}
	note(survey, "\n");
}

static void survey_edges(struct survey *survey, struct client *client,
			 unsigned int index)
{
	union region_info region;
	uint64_t data = 0;

	if (region_query(client, index, &region))
		return;
	note(survey, "edges of %u: %d %d %d %d\n", index,
	     region_read(client, index, region.info.size, &data, 4),
	     region_write(client, index, region.info.size, &data, 4),
	     region_read(client, index, region.info.size + 4096, &data, 1),
	     region_read(client, index, 1ULL << 39, &data, 8));
}

static void survey_irqs(struct survey *survey, struct client *client)
{
	struct vfio_irq_info info;
	unsigned int index;
	int event = event_new();
	int ret;

	for (index = 0; index <= client->info.num_irqs; index++) {
		ret = irq_query(client, index, &info);
		note(survey, "irq %u: %d flags %#x count %u", index, ret,
		     ret ? 0 : info.flags, ret ? 0 : info.count);
		ret = irq_act(client, index, VFIO_IRQ_SET_ACTION_MASK, 0, 1);
		note(survey, " mask %d", ret);
		ret = irq_connect(client, index, 1000, &event, 1);
		note(survey, " connect 1000 %d", ret);
		ret = irq_connect(client, index, 0, &event, 1);
		note(survey, " connect 0 %d", ret);
		ret = irq_disable(client, index);
		note(survey, " disable %d\n", ret);
	}
	close(event);
}

static void survey_config(struct survey *survey, struct client *client)
{
	uint8_t bytes[CONFIG_BYTES] = { 0 };
	int size = region_read(client, VFIO_PCI_CONFIG_REGION_INDEX, 0, bytes,
			       sizeof(bytes));
	int at;

	note(survey, "config of %d bytes:", size);
	for (at = 0; at < size; at++) {
		if (bytes[at])
			note(survey, " %x=%02x", at, bytes[at]);
	}
	note(survey, "\n");
}

static void survey_features(struct survey *survey, struct client *client)
{
	unsigned int feature;

	for (feature = 0; feature < NR_FEATURES; feature++)
		note(survey, "feature %u: %d get %d set %d\n", feature,
		     client_probe_feature(client, feature),
		     client_probe_feature(client, feature |
					  VFIO_DEVICE_FEATURE_GET),
		     client_probe_feature(client, feature |
					  VFIO_DEVICE_FEATURE_SET));
}

static void survey_resets(struct survey *survey, struct client *client)
{
	struct hot_reset reset;
	unsigned int i;
	int ret;

	ret = client_hot_reset_info(client, &reset, HOT_RESET_MAX);
	note(survey, "hot reset info: %d flags %#x count %u", ret,
	     reset.header.flags, reset.header.count);
	for (i = 0; !ret && i < reset.header.count; i++)
		note(survey, " %02x:%02x", reset.devices[i].bus,
		     reset.devices[i].devfn);
	note(survey, "\nunknown ioctl: %d\n",
	     ioctl(client->fd, VFIO_DEVICE_FEATURE + 100) ? errno : 0);
	note(survey, "reset: %d\n", client_reset(client));
}

static void survey_device(struct survey *survey, struct client *client)
{
	unsigned int index;

	survey->used = 0;
	note(survey, "device: flags %#x regions %u irqs %u\n",
	     client->info.flags, client->info.num_regions,
	     client->info.num_irqs);
	survey_config(survey, client);
	for (index = 0; index <= client->info.num_regions; index++)
		survey_region(survey, client, index);
	for (index = 0; index < client->info.num_regions; index++)
		survey_edges(survey, client, index);
	survey_irqs(survey, client);
	survey_features(survey, client);
	survey_resets(survey, client);
}

/* Open the device in a space of its own, survey it, close both. */
static void survey_by_name(struct fixture *fixture, struct survey *survey,
			   const struct function *function, const char *name)
{
	struct space *space = fixture_space(fixture, function);
	struct client *client = fixture_open_in(fixture, space, name);

	survey_device(survey, client);
	client_close(client);
	space_close(space);
}

/* The first line in which two surveys differ, for the failure's text. */
static void assert_same(const struct function *function,
			const struct survey *stock,
			const struct survey *ours)
{
	const char *a = stock->text;
	const char *b = ours->text;

	while (*a && !strncmp(a, b, strcspn(a, "\n") + 1)) {
		b += strcspn(a, "\n") + 1;
		a += strcspn(a, "\n") + 1;
	}
	assert_that(!*a && !*b, "%s: %s says \"%.*s\", ours \"%.*s\"",
		    function->id, STOCK_DRIVER_NAME, (int)strcspn(a, "\n"), a,
		    (int)strcspn(b, "\n"), b);
}

static void compare(struct fixture *fixture, const char *id)
{
	static struct survey stock;
	static struct survey ours;
	struct function *function = fixture_bind_to(fixture, id,
						    STOCK_DRIVER_NAME);

	survey_by_name(fixture, &stock, function, function->address);
	assert_done(pci_unbind(function->address));

	assert_done(pci_bind(function->address, DRIVER_NAME));
	assert_done(mdev_create(function->address, function->uuid));
	survey_by_name(fixture, &ours, function, function->uuid);
	assert_same(function, &stock, &ours);
}

static void edu_answers_as_under_vfio_pci(struct fixture *fixture)
{
	compare(fixture, "edu0");
}

static void nvme_answers_as_under_vfio_pci(struct fixture *fixture)
{
	compare(fixture, "nvme0");
}

static void e1000e_answers_as_under_vfio_pci(struct fixture *fixture)
{
	compare(fixture, "e1000e0");
}

static void sriov_card_answers_as_under_vfio_pci(struct fixture *fixture)
{
	compare(fixture, "igb0");
}

static void shared_group_answers_as_under_vfio_pci(struct fixture *fixture)
{
	compare(fixture, "edu1");
}

static const struct test tests[] = {
	TEST(edu_answers_as_under_vfio_pci),
	TEST(nvme_answers_as_under_vfio_pci),
	TEST(e1000e_answers_as_under_vfio_pci),
	TEST(sriov_card_answers_as_under_vfio_pci),
	TEST(shared_group_answers_as_under_vfio_pci),
};

SUITE("stock", tests)
