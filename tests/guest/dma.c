// SPDX-License-Identifier: GPL-2.0-only
/*
 * What edu's DMA engine reaches: the memory that the client mapped, in both
 * directions, and nothing else.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "edu.h"
#include "suite.h"
#include "wait.h"

#define PAGE 4096
#define IOVA 0x200000
#define OTHER_IOVA 0x400000

/* Enough that some page of it lies where edu's 28 address lines reach. */
#define SEARCHED_BYTES (64UL << 20)

#define PAGEMAP_PRESENT (1ULL << 63)
#define PAGEMAP_FRAME ((1ULL << 55) - 1)

static void fill(uint8_t *memory, size_t size, unsigned int seed)
{
	size_t i;

	for (i = 0; i < size; i++)
		memory[i] = (i * 31 + seed) & 0xff;
}

static void assert_all(const uint8_t *memory, size_t size, uint8_t value)
{
	size_t i;

	for (i = 0; i < size; i++)
		assert_that(memory[i] == value,
			    "byte %zu is %#x, not %#x", i, memory[i], value);
}

/* A copy to or from an address that the IOMMU must block. */
struct blocked_copy {
	struct fixture *fixture;
	struct client *client;
	enum edu_direction direction;
	uint64_t iova;
	char device[32];	/* as the log names it */
	char fault[32];		/* what the log says of the address */
};

/* Copy, then look for the line of drivers/iommu/intel/dmar.c in the log. */
static bool copy_is_logged(void *arg)
{
	struct blocked_copy *copy = arg;

	assert_done(edu_copy(copy->client, copy->direction, copy->iova,
			     PAGE));
	return kmsg_find(&copy->fixture->log, "DMAR:", copy->device,
			 copy->fault);
}

/* The kernel logs a few faults in five seconds, so one copy may not do. */
static void assert_blocked(struct fixture *fixture, struct client *client,
			   const struct function *function,
			   enum edu_direction direction, uint64_t iova)
{
	struct blocked_copy copy = {
		.fixture = fixture,
		.client = client,
		.direction = direction,
		.iova = iova,
	};

	/* Before 7.x the log leaves out the domain. */
	snprintf(copy.device, sizeof(copy.device), "%s]",
		 function->address + strlen("0000:"));
	snprintf(copy.fault, sizeof(copy.fault), "fault addr 0x%llx ",
		 (unsigned long long)iova);
	assert_that(wait_for(copy_is_logged, &copy, WAIT_LIMIT_MS),
		    "the log has no DMAR fault of %s at %#llx",
		    function->address, (unsigned long long)iova);
}

static void device_copies_memory_right_both_ways(struct fixture *fixture)
{
	struct client *client = fixture_new(fixture, "edu0");
	uint8_t *from = fixture_memory(fixture, PAGE);
	uint8_t *to = fixture_memory(fixture, PAGE);

	fill(from, PAGE, 7);
	assert_done(space_map(client->space, from, PAGE, IOVA));
	assert_done(space_map(client->space, to, PAGE, OTHER_IOVA));
	assert_done(edu_start(client));
	assert_done(edu_copy(client, EDU_FROM_MEMORY, IOVA, PAGE));
	assert_done(edu_copy(client, EDU_TO_MEMORY, OTHER_IOVA, PAGE));
	assert_memory_equal(to, from, PAGE);
}

static void device_writes_only_where_it_was_told(struct fixture *fixture)
{
	struct client *client = fixture_new(fixture, "edu0");
	uint8_t *memory = fixture_memory(fixture, 3 * PAGE);

	assert_done(space_map(client->space, memory, 3 * PAGE, IOVA));
	assert_done(edu_start(client));
	fill(memory, 16, 3);
	assert_done(edu_copy(client, EDU_FROM_MEMORY, IOVA, 16));
	memset(memory, 0xee, 3 * PAGE);
	/* Across a page's end */
	assert_done(edu_copy(client, EDU_TO_MEMORY, IOVA + 2 * PAGE - 8, 16));
	assert_all(memory, 2 * PAGE - 8, 0xee);
	assert_all(memory + 2 * PAGE + 8, PAGE - 8, 0xee);
	assert_int_equal(memory[2 * PAGE - 8], 3);
	assert_int_equal(memory[2 * PAGE], (8 * 31 + 3) & 0xff);
}

static void write_outside_the_mapping_is_blocked(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct client *client = fixture_open(fixture, edu);
	uint8_t *memory = fixture_memory(fixture, 3 * PAGE);

	memset(memory, 0xee, 3 * PAGE);
	/* Only the page in the middle is mapped. */
	assert_done(space_map(client->space, memory + PAGE, PAGE, IOVA));
	assert_done(edu_start(client));
	assert_blocked(fixture, client, edu, EDU_TO_MEMORY, IOVA - PAGE);
	assert_blocked(fixture, client, edu, EDU_TO_MEMORY, IOVA + PAGE);
	assert_all(memory, 3 * PAGE, 0xee);
	/* What is mapped is still within reach. */
	assert_done(edu_copy(client, EDU_TO_MEMORY, IOVA, PAGE));
	assert_int_not_equal(memory[PAGE + 1], 0xee);
}

static void write_after_unmap_is_blocked(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct client *client = fixture_open(fixture, edu);
	uint8_t *memory = fixture_memory(fixture, PAGE);

	assert_done(space_map(client->space, memory, PAGE, IOVA));
	assert_done(edu_start(client));
	memset(memory, 0x11, PAGE);
	assert_done(edu_copy(client, EDU_FROM_MEMORY, IOVA, PAGE));
	memset(memory, 0xee, PAGE);
	assert_done(edu_copy(client, EDU_TO_MEMORY, IOVA, PAGE));
	assert_all(memory, PAGE, 0x11);

	assert_done(space_unmap(client->space, PAGE, IOVA));
	memset(memory, 0xee, PAGE);
	assert_blocked(fixture, client, edu, EDU_TO_MEMORY, IOVA);
	assert_all(memory, PAGE, 0xee);
}

static void device_cannot_read_what_is_not_mapped(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct client *client = fixture_open(fixture, edu);
	uint8_t *secret = fixture_memory(fixture, PAGE);
	uint8_t *seen = fixture_memory(fixture, PAGE);

	assert_done(space_map(client->space, secret, PAGE, IOVA));
	assert_done(space_map(client->space, seen, PAGE, OTHER_IOVA));
	assert_done(edu_start(client));
	/* The device holds zeros, and would hold the secret if it could. */
	assert_done(edu_copy(client, EDU_FROM_MEMORY, OTHER_IOVA, PAGE));
	assert_done(space_unmap(client->space, PAGE, IOVA));
	memset(secret, 0x77, PAGE);
	assert_blocked(fixture, client, edu, EDU_FROM_MEMORY, IOVA);
	assert_done(edu_copy(client, EDU_TO_MEMORY, OTHER_IOVA, PAGE));
	assert_null(memchr(seen, 0x77, PAGE));
}

/*
 * Physical addresses of @nr pages of this process from @page on, 0 for what
 * cannot be learned: Documentation/admin-guide/mm/pagemap.rst.
 */
static void find_physical_addresses(const uint8_t *page, size_t nr,
				    uint64_t *addresses)
{
	size_t size = nr * sizeof(*addresses);
	size_t i;
	int fd;

	memset(addresses, 0, size);
	fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (pread(fd, addresses, size,
		  (uintptr_t)page / PAGE * sizeof(*addresses)) !=
	    (ssize_t)size)
		memset(addresses, 0, size);
	close(fd);
	for (i = 0; i < nr; i++)
		addresses[i] = addresses[i] & PAGEMAP_PRESENT ?
			       (addresses[i] & PAGEMAP_FRAME) * PAGE : 0;
}

static uint64_t physical_address(const uint8_t *page)
{
	uint64_t address;

	find_physical_addresses(page, 1, &address);
	return address;
}

/* A page that edu could reach if it saw physical addresses, or NULL. */
static uint8_t *find_low_page(uint8_t *memory, size_t nr)
{
	uint64_t *addresses = calloc(nr, sizeof(*addresses));
	uint8_t *page = NULL;
	size_t i;

	assert_non_null(addresses);
	find_physical_addresses(memory, nr, addresses);
	for (i = 0; i < nr && !page; i++) {
		if (addresses[i] && addresses[i] + PAGE <= EDU_DMA_LIMIT)
			page = memory + i * PAGE;
	}
	free(addresses);
	return page;
}

/* Without an IOMMU in between, an I/O address is a physical address. */
static void physical_addresses_are_out_of_reach(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct client *client = fixture_open(fixture, edu);
	uint8_t *memory = fixture_memory(fixture, SEARCHED_BYTES);
	uint8_t *page = find_low_page(memory, SEARCHED_BYTES / PAGE);
	uint64_t address;

	if (!page)
		skip_because("no page of the client lies below 256 MiB");
	memset(page, 0xee, PAGE);
	address = physical_address(page);
	assert_true(address && address + PAGE <= EDU_DMA_LIMIT);
	assert_done(edu_start(client));
	assert_blocked(fixture, client, edu, EDU_TO_MEMORY, address);
	assert_int_equal(physical_address(page), address);
	assert_all(page, PAGE, 0xee);
}

static void functions_of_one_group_share_mappings(struct fixture *fixture)
{
	struct function *one = fixture_create(fixture, "edu1");
	struct function *other = fixture_create(fixture, "edu2");
	struct space *space = fixture_space(fixture, one);
	struct client *ones = fixture_open_in(fixture, space, one->uuid);
	struct client *others = fixture_open_in(fixture, space, other->uuid);
	uint8_t *memory = fixture_memory(fixture, 2 * PAGE);

	fill(memory, PAGE, 1);
	assert_done(space_map(space, memory, 2 * PAGE, IOVA));
	assert_done(edu_start(ones));
	assert_done(edu_start(others));
	assert_done(edu_copy(ones, EDU_FROM_MEMORY, IOVA, PAGE));
	assert_done(edu_copy(ones, EDU_TO_MEMORY, IOVA + PAGE, PAGE));
	assert_memory_equal(memory, memory + PAGE, PAGE);
	memset(memory + PAGE, 0, PAGE);
	assert_done(edu_copy(others, EDU_FROM_MEMORY, IOVA, PAGE));
	assert_done(edu_copy(others, EDU_TO_MEMORY, IOVA + PAGE, PAGE));
	assert_memory_equal(memory, memory + PAGE, PAGE);
}

static const struct test tests[] = {
	TEST(device_copies_memory_right_both_ways),
	TEST(device_writes_only_where_it_was_told),
	TEST(write_outside_the_mapping_is_blocked),
	TEST(write_after_unmap_is_blocked),
	TEST(device_cannot_read_what_is_not_mapped),
	TEST(physical_addresses_are_out_of_reach),
	TEST(functions_of_one_group_share_mappings),
};

SUITE("dma", tests)
