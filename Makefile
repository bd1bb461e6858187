# SPDX-License-Identifier: GPL-2.0-only
#
# What a person types. The kernel's build system reads Kbuild, never this file.

KDIR ?= /lib/modules/$(shell uname -r)/build
BUILD := $(CURDIR)/build

# The VM's parameters reach tests/vm through the environment.
export KERNEL MEM SMP NUMA SWAP APPEND EXTRA PROGS TIMEOUT SILENCE ICOUNT NOLOAD SIGN
export KMEMLEAK LOG EXPECT_LOG EXPECT_TAINT QUIET UPDATE ONLY JOBS ALL
# An unset variable must not arrive as an empty one.
$(foreach v,KERNEL MEM SMP NUMA SWAP APPEND EXTRA PROGS TIMEOUT SILENCE ICOUNT NOLOAD SIGN \
	KMEMLEAK LOG EXPECT_LOG EXPECT_TAINT QUIET UPDATE ONLY JOBS ALL,\
	$(if $(value $v),,$(eval unexport $v)))

comma := ,
as_root := $(if $(filter-out 0,$(shell id -u)),sudo)

.PHONY: all modules tools examples load unload dkms-install dkms-remove intree vm shell bug demo pictures check check-all torture mutants failnth fuzz races stress coverage check-hard check-host lava check-lava farm check-farm clean help

# The tools first: mmkit doctor helps when the modules do not build.
all: tools
	$(MAKE) modules

modules:
	@test -f "$(KDIR)/Makefile" || { \
		echo "$(KDIR) is no tree that modules can be built against." \
			"Install your kernel's headers (Debian:" \
			"linux-headers-$$(uname -r)), or give another tree with" \
			"KDIR=, or try the modules in a VM: make shell"; exit 1; } >&2
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

tools:
	$(MAKE) -C tools O=$(BUILD)/tools

examples: modules
	$(MAKE) -C $(KDIR) M=$(CURDIR)/examples MMKIT=$(CURDIR) \
		KBUILD_EXTRA_SYMBOLS=$(CURDIR)/Module.symvers modules

load: all
	$(as_root) $(BUILD)/tools/mmkit load

unload: tools
	$(as_root) $(BUILD)/tools/mmkit unload

# Into DKMS, which builds them for this kernel (KVER= for another) and again for each
# that is installed later.
VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)

dkms-install: kver = -k $(or $(KVER),$(shell uname -r))
dkms-install:
	@command -v dkms >/dev/null || { \
		echo "dkms is not installed (Debian: apt-get install dkms)"; exit 1; } >&2
	$(as_root) rm -rf /usr/src/mmkit-$(VERSION)
	$(as_root) mkdir -p /usr/src/mmkit-$(VERSION)
	tar -c --exclude='*.o' --exclude='*.ko' --exclude='.*.cmd' --exclude=modules/bugs \
		Kbuild Kconfig dkms.conf LICENSES modules | \
		$(as_root) tar -x --no-same-owner -C /usr/src/mmkit-$(VERSION)
	! dkms status mmkit/$(VERSION) $(kver) | grep -q installed || \
		$(as_root) dkms uninstall mmkit/$(VERSION) $(kver)
	$(as_root) dkms build --force mmkit/$(VERSION) $(kver)
	$(as_root) dkms install mmkit/$(VERSION) $(kver)

dkms-remove:
	$(as_root) dkms remove mmkit/$(VERSION) --all
	$(as_root) rm -rf /usr/src/mmkit-$(VERSION)

# Into a kernel's own tree, where Kconfig decides and kunit.py runs the suites.
# Again after a change here: the copy is replaced. PART=modules/memblock/boot is that
# folder alone.
INTREE := Kbuild Kconfig .kunitconfig LICENSES modules tests/kunit tests/cases

intree:
	@test -f "$(KSRC)/drivers/misc/Kconfig" || { \
		echo "usage: make intree KSRC=DIR, a kernel's source$(if $(KSRC),$(comma) which $(KSRC) is not)"; \
		exit 2; } >&2
	rm -rf $(KSRC)/drivers/misc/mmkit
	mkdir -p $(KSRC)/drivers/misc/mmkit
	tar -c --exclude='*.o' --exclude='*.ko' --exclude='.*.cmd' --exclude='have.h*' \
		$(if $(PART),-C $(PART) .,$(INTREE)) | tar -x -C $(KSRC)/drivers/misc/mmkit
	grep -q mmkit $(KSRC)/drivers/misc/Kconfig || \
		sed -i '$$ i source "drivers/misc/mmkit/Kconfig"' $(KSRC)/drivers/misc/Kconfig
	grep -q mmkit $(KSRC)/drivers/misc/Makefile || \
		sed -i '$$ a obj-y += mmkit/' $(KSRC)/drivers/misc/Makefile

# The command goes through the environment, so that no quoting is lost; and what is
# appended, as in memmap=64M$0x20000000, keeps its dollar.
vm: override export CMD := $(value CMD)
vm shell: override export APPEND := $(value APPEND)
vm:
	@test -n "$$CMD" || { echo "usage: make vm CMD='...'" >&2; exit 2; }
	@tests/setup demo
	@tests/vm/run "$$CMD"

shell:
	@tests/setup demo
	@tests/vm/shell

# A kernel that sees bugs, with one bug in it: the report is wanted, not a failure. KASAN
# tells of more than the first, and the reports of pages name who allocated them.
bug: override export KERNEL := $(or $(KERNEL),debug-6.1)
bug: override export APPEND := kasan_multi_shot page_owner=on $(value APPEND)
bug: override export CMD := echo 0 >/proc/sys/kernel/panic_on_oops; mmkit load -q mmkit_bugs && mmkit bug run $(value NAME)
bug: export EXPECT_LOG := .
bug: export EXPECT_TAINT := 672
bug: export NOLOAD := 1
bug:
	@test -n "$(NAME)" || { echo "usage: make bug NAME=...; mmkit bug list has the names" >&2; exit 2; }
	@tests/setup check
	@tests/vm/run "$$CMD"

demo:
	@tests/setup demo
	@tests/demo/run

# The pictures of docs/seeing.md, after a change of what they show.
pictures:
	@tests/setup demo browser
	@tests/demo/pictures

check:
	@tests/setup check
	@tests/check

check-all: export ALL := 1
check-all:
	@tests/setup check packages trace arm64 intree
	@tests/check

# Ten minutes of it with every checker on; "make check" has 30 seconds.
torture: export PAGER_SECONDS := 600
torture: export RACE_SECONDS := 60
torture: export ONLY := tests/system/pager.sh@debug-6.1 tests/system/aspace_race.sh@debug-6.1
torture:
	@tests/setup check
	@tests/check

# One bug after the other in copies of the tree, two at a time, each for one test to
# catch; about a minute each. MUTANTS= are some of them, by name or number.
mutants:
	@tests/setup check
	@tests/mutants/run $(MUTANTS)

# Every allocation and every copy fails once; "make check" has most of it.
failnth: export ONLY := tests/system/failnth.sh@debug-6.1
failnth:
	@tests/setup check
	@tests/check

# PROGRAMS=n; tests/fuzz/run --help has the rest.
fuzz:
	@tests/setup check
	@tests/fuzz/run $(PROGRAMS)

# Pairs of what may happen at the same time, on debug-6.1: ROUNDS= of each or what there
# is time for in SECONDS_EACH=; PAIR=quick or slow for some, PAIR=, SEED= and MOMENT= for one
# again. KERNEL=kcsan-6.1 looks for data races.
races:
	@tests/setup check
	@tests/system/races.sh

# Programs of others on the devices: fio, stress-ng, trinity. STRESS_SECONDS= of each.
stress:
	@tests/setup check stress
	@tests/system/stress.sh

# Which lines of the modules' code all tests run, on a debug kernel that counts: WANT=
# percent, TEST=0 for the table alone, KEEP=1 to add to it; and SCRIPTS= for some of them.
coverage:
	@tests/setup check stress
	@tests/coverage $(SCRIPTS)

# The long forms of all that looks for bugs, or PARTS= of them, and a table of figures;
# UPDATE=1 puts it into docs/hardening.md.
check-hard:
	@tests/setup check stress intree
	@tests/hard $(PARTS)

check-host:
	@tests/setup host
	@ONLY='tests/host/*' tests/check

# A suite as LAVA's jobs, for KERNEL=; VALIDATE=1 has LAVA look at them. See docs/farm.md.
lava:
	@tests/setup demo debug host lava
	@tests/lava/job $(if $(VALIDATE),--validate) "$(or $(SUITE),core)" "$(or $(KERNEL),stock-6.1)"

check-lava:
	@tests/setup check lava
	@tests/lava/check

farm:
	@tests/setup demo debug host farm
	@tests/farm/mmkit-farm up

check-farm:
	@tests/setup demo debug farm
	@tests/farm/check

clean:
	rm -rf $(BUILD)
	@if [ -f "$(KDIR)/Makefile" ]; then \
		$(MAKE) -C $(KDIR) M=$(CURDIR) clean; \
		$(MAKE) -C $(KDIR) M=$(CURDIR)/examples clean; fi

help:
	@echo 'make                modules for this kernel (KDIR=tree for another) and the tools'
	@echo 'make tools          the tools alone, and their man pages, in build/tools'
	@echo 'make examples       the modules in examples/, after the others (KDIR=)'
	@echo 'make load, unload   the modules, into and out of this kernel'
	@echo 'make dkms-install   the modules into DKMS (KVER= for another kernel); dkms-remove'
	@echo 'make intree         into the kernel source at KSRC=, for kunit.py and =y'
	@echo 'make demo           the tour: boots a VM and shows what the toolkit does'
	@echo 'make pictures       the drawings of docs/seeing.md, made again'
	@echo 'make check          every short test; ONLY=glob for some, JOBS=n side by side'
	@echo 'make check-all      those too that take long, and every kernel'
	@echo 'make torture        the pager and page-table walks under races, ten and eight minutes'
	@echo 'make mutants        plants bugs, and sees each caught; MUTANTS=number or name'
	@echo 'make failnth        fails every allocation and every copy once'
	@echo 'make fuzz           the devices on a debug kernel, led by coverage; PROGRAMS=n'
	@echo 'make races          pairs of what may happen at once; ROUNDS= SECONDS_EACH= PAIR='
	@echo 'make stress         fio, stress-ng and trinity on the devices; STRESS_SECONDS='
	@echo 'make coverage       which code of the modules the tests run; WANT= SCRIPTS='
	@echo 'make check-hard     the long forms of all of these; PARTS=, UPDATE=1'
	@echo 'make check-host     the tests that need no VM'
	@echo 'make lava           a job for LAVA: KERNEL= SUITE=, VALIDATE=1; docs/farm.md'
	@echo 'make check-lava     jobs through LAVA itself, in a root of its own'
	@echo 'make farm           LAVA, a server and two workers, in namespaces of their own'
	@echo 'make check-farm     a matrix on such a farm, and workers that are lost'
	@echo "make vm CMD='...'   one command in a VM: its output"
	@echo 'make shell          a VM on this terminal'
	@echo 'make bug NAME=...   a bug on purpose in a debug kernel, its report explained'
	@echo 'make clean          remove what was built here, KDIR= as it was for the modules'
	@echo
	@echo 'For vm and shell:'
	@tests/vm/run --help 2>&1 | sed -n 's/^  /  /p'
