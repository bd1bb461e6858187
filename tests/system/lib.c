// SPDX-License-Identifier: GPL-2.0-only
/* What lib.h says. */
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "lib.h"

int dev_open_flags(const char *area, int flags)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/dev/mmkit/%s", area);
	fd = open(path, flags);
	return fd < 0 ? -errno : fd;
}

int dev_open(const char *area)
{
	int fd = dev_open_flags(area, O_RDWR);

	if (fd < 0)
		bail("/dev/mmkit/%s: %s", area, strerror(-fd));
	return fd;
}

int call(int fd, unsigned long cmd, void *arg)
{
	return ioctl(fd, cmd, arg) ? -errno : 0;
}

struct mmkit_session_info session(int fd)
{
	struct mmkit_session_info info = { .size = sizeof(info) };
	int err = call(fd, MMKIT_SESSION_INFO, &info);

	if (err)
		bail("MMKIT_SESSION_INFO: %s", strerror(-err));
	return info;
}

struct mmkit_info info(void)
{
	struct mmkit_info info = { .size = sizeof(info) };
	int fd = dev_open("info");
	int err = call(fd, MMKIT_INFO_GET, &info);

	if (err)
		bail("MMKIT_INFO_GET: %s", strerror(-err));
	close(fd);
	return info;
}

struct mmkit_pages_alloc alloc_init(u32 order, u32 count)
{
	return (struct mmkit_pages_alloc) {
		.size = sizeof(struct mmkit_pages_alloc),
		.order = order,
		.count = count,
		.node = -1,
	};
}

u32 pages_alloc(int fd, u32 order, u32 count)
{
	struct mmkit_pages_alloc alloc = alloc_init(order, count);

	EQUAL(call(fd, MMKIT_PAGES_ALLOC, &alloc), 0);
	return alloc.handle;
}

int pages_free(int fd, u32 handle)
{
	struct mmkit_pages_free free = {
		.size = sizeof(free),
		.handle = handle,
	};

	return call(fd, MMKIT_PAGES_FREE, &free);
}

int pages_describe(int fd, u32 handle, u64 first, u32 nr,
		   struct mmkit_page *pages)
{
	struct mmkit_pages_describe describe = {
		.size = sizeof(describe),
		.handle = handle,
		.first = first,
		.nr = nr,
		.pages = PTR(pages),
	};
	int err = call(fd, MMKIT_PAGES_DESCRIBE, &describe);

	return err ?: (int)describe.nr;
}

u32 pages_zones(int fd, struct mmkit_zone *zones, u32 room)
{
	struct mmkit_pages_zones arg = {
		.size = sizeof(arg),
		.nr = room,
		.zones = PTR(zones),
	};

	EQUAL(call(fd, MMKIT_PAGES_ZONES, &arg), 0);
	return arg.nr;
}

bool has_zone(int fd, u32 zone)
{
	struct mmkit_zone zones[16];
	u32 i, nr = pages_zones(fd, zones, 16);

	for (i = 0; i < nr && i < 16; i++)
		if (zones[i].zone == zone)
			return true;
	return false;
}

/* x86's ZONE_DMA of 16 MiB. Elsewhere a zone of that name may be all memory. */
bool has_small_dma(int fd)
{
	struct mmkit_zone zones[16];
	u32 i, nr = pages_zones(fd, zones, 16);

	for (i = 0; i < nr && i < 16; i++)
		if (zones[i].zone == MMKIT_ZONE_DMA)
			return zones[i].spanned * PAGE <= 16 << 20;
	return false;
}

void slab_shrink(const char *cache)
{
	char path[512];

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink", cache);
	file_write(path, "1");
}

/* KASAN's kernels of 6.12 and later: an object is free after a grace period. */
bool slab_reuse_delayed(void)
{
	static int status = -1;

	if (status < 0)
		status = system("zcat /proc/config.gz 2>/dev/null | grep -q ^CONFIG_SLUB_RCU_DEBUG=y");
	return !status;
}

int map_set(int fd, u64 bytes, const char *strategy)
{
	struct mmkit_map_set set = { .size = sizeof(set), .bytes = bytes };

	memcpy(set.strategy, strategy, strnlen(strategy, MMKIT_NAME_LEN));
	return call(fd, MMKIT_MAP_SET, &set);
}

struct mmkit_map_get map_get(int fd)
{
	struct mmkit_map_get get = { .size = sizeof(get) };

	EQUAL(call(fd, MMKIT_MAP_GET, &get), 0);
	return get;
}

int map_describe(int fd, u64 first, u32 nr, struct mmkit_page *pages)
{
	struct mmkit_map_describe describe = {
		.size = sizeof(describe),
		.nr = nr,
		.first = first,
		.pages = PTR(pages),
	};
	int err = call(fd, MMKIT_MAP_DESCRIBE, &describe);

	return err ?: (int)describe.nr;
}

u8 *map_at(int fd, u64 page, u64 pages, int prot, int flags)
{
	return mmap(NULL, pages * PAGE, prot, flags, fd, page * PAGE);
}

u8 *map_shared(int fd, u64 pages)
{
	u8 *map = map_at(fd, 0, pages, PROT_READ | PROT_WRITE, MAP_SHARED);

	if (map == MAP_FAILED)
		bail("mmap: %s", strerror(errno));
	return map;
}

static u8 race_mark(u32 page)
{
	return 0x40 + page;
}

/* Writes the mark of page @i and reads it back: refused, right, or another's. */
static void race_try(struct map_race *race, volatile u8 *page, u32 i)
{
	volatile u8 *at = page + RACE_BYTE;
	u32 cut = atomic_load(&race->cut);
	bool gone = (cut & 1) && i >= race->left;
	u8 found;

	race->begun++;
	if (touch_write(at, race_mark(i)) || touch_load(at, &found)) {
		race->refused++;
		return;
	}
	race->wrong += found && found != race_mark(i);
	/* It was cut off before, and all the time. */
	race->wrong += gone && atomic_load(&race->cut) == cut;
	race->seen++;
}

void *map_race_touch(void *arg)
{
	struct map_race *race = arg;
	u32 i;

	for (i = 0; !atomic_load(&race->stop); i = (i + 1) % race->pages)
		race_try(race, race->map + i * PAGE, i);
	return NULL;
}

void *map_race_map(void *arg)
{
	struct map_race *race = arg;
	u32 first = race->first;

	while (!atomic_load(&race->stop)) {
		u8 *map;

		race->begun++;
		map = map_at(race->fd, first, 2, PROT_READ | PROT_WRITE,
			     MAP_SHARED);
		if (map == MAP_FAILED) {
			race->refused++;
			continue;
		}
		race_try(race, map + PAGE, first + 1);
		munmap(map + PAGE, PAGE);
		race_try(race, map, first);
		munmap(map, PAGE);
	}
	return NULL;
}

/* Whoever runs first: without it a race may be over before it has begun. */
void map_race_await(struct map_race *race)
{
	while (!atomic_load(&race->seen))
		sched_yield();
}

char *file_read(const char *path, char *text, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t got;

	if (fd < 0)
		return NULL;
	while (used + 1 < room) {
		got = read(fd, text + used, room - used - 1);
		if (got <= 0)
			break;
		used += got;
	}
	close(fd);
	text[used] = '\0';
	return text;
}

/* Line by line: some files are of megabytes. */
long long lines_with(const char *path, const char *text)
{
	FILE *file = fopen(path, "re");
	long long nr = 0;
	char *line = NULL;
	size_t room = 0;

	if (!file)
		return -errno;
	while (getline(&line, &room, file) > 0)
		nr += !!strstr(line, text);
	if (ferror(file))
		nr = -EIO;
	free(line);
	fclose(file);
	return nr;
}

long long file_number(const char *path)
{
	char text[4096];

	if (!file_read(path, text, sizeof(text)))
		return -errno;
	return strtoll(text, NULL, 10);
}

int file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		err = -errno;
	close(fd);
	return err;
}

static u64 read_entry(const char *path, u64 index)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	u64 entry = 0;

	if (fd < 0 || pread(fd, &entry, sizeof(entry), index * 8) != 8)
		bail("%s at %llu: %s", path, (unsigned long long)index,
		     strerror(errno));
	close(fd);
	return entry;
}

u64 pagemap(const void *address)
{
	return read_entry("/proc/self/pagemap", (unsigned long)address / PAGE);
}

u64 kpage(const char *which, u64 pfn)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/kpage%s", which);
	return read_entry(path, pfn);
}

long long meminfo(const char *field)
{
	char text[8192], *at;

	if (!file_read("/proc/meminfo", text, sizeof(text)))
		return -1;
	at = strstr(text, field);
	return at ? strtoll(at + strlen(field) + 1, NULL, 10) : -1;
}

void *readonly_copy(const void *data, size_t size)
{
	u8 *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED || size > PAGE)
		bail("no page for a copy");
	memcpy(page, data, size);
	mprotect(page, PAGE, PROT_READ);
	return page;
}

void *unmapped(void)
{
	void *page = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);

	if (page == MAP_FAILED)
		bail("no page that is none");
	return page;
}

static __thread sigjmp_buf bus_jump;
static __thread volatile int bus_code;
static __thread volatile bool bus_expected;

static void on_bus(int signal, siginfo_t *si, void *context)
{
	(void)context;
	if (!bus_expected) {
		/* Where no SIGBUS belongs it is fatal: again, by default. */
		sigaction(signal, &(struct sigaction){ 0 }, NULL);
		return;
	}
	bus_code = si->si_code;
	siglongjmp(bus_jump, 1);
}

static void catch_bus(void)
{
	struct sigaction action = {
		.sa_sigaction = on_bus,
		.sa_flags = SA_SIGINFO | SA_NODEFER,
	};

	sigaction(SIGBUS, &action, NULL);
}

int touch_read(const volatile u8 *at)
{
	u8 unused;

	return touch_load(at, &unused);
}

int touch_load(const volatile u8 *at, u8 *value)
{
	catch_bus();
	bus_code = 0;
	bus_expected = true;
	if (!sigsetjmp(bus_jump, 0))
		*value = *at;
	bus_expected = false;
	return bus_code;
}

int touch_write(volatile u8 *at, u8 value)
{
	catch_bus();
	bus_code = 0;
	bus_expected = true;
	if (!sigsetjmp(bus_jump, 0))
		*at = value;
	bus_expected = false;
	return bus_code;
}

int pin(u32 cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set);
}

void on_each_cpu(void (*run)(u32 cpu))
{
	cpu_set_t all;
	u32 cpu;

	EQUAL(sched_getaffinity(0, sizeof(all), &all), 0);
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &all))
			continue;
		EQUAL(pin(cpu), 0);
		run(cpu);
	}
	EQUAL(sched_setaffinity(0, sizeof(all), &all), 0);
}

/* MADV_COLD of anything does it for the CPU that it runs on. */
static void drain_batch(u32 cpu)
{
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)cpu;
	EQUAL(madvise(page, PAGE, MADV_COLD), 0);
	munmap(page, PAGE);
}

void drain_batches(void)
{
	on_each_cpu(drain_batch);
}

void own_memory_now(void)
{
	volatile char stack[128 << 10];
	size_t at;

	for (at = 0; at < sizeof(stack); at += PAGE)
		stack[at] = 0;
	EQUAL(mlockall(MCL_CURRENT), 0);
}

long long oom_kills(void)
{
	static char text[16384];
	char *at = file_read("/proc/vmstat", text, sizeof(text)) ?
		   strstr(text, "\noom_kill ") : NULL;

	return at ? atoll(at + strlen("\noom_kill ")) : -1;
}
