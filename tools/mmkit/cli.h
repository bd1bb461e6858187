/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of the mmkit command share. */
#ifndef MMKIT_CLI_H
#define MMKIT_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

#include <mmkit.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#ifndef MMKIT_VERSION
#define MMKIT_VERSION	"0"
#endif

enum {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_ABSENT = 77,
};

struct verify;
struct capture;

/* A handle of this process's pages session, as the CLI asked for it. */
struct held {
	uint32_t handle;
	uint32_t how;
	uint32_t order;
	uint32_t gfp;
	uint32_t blocks;
	uint32_t left;
	uint64_t block_bytes;
};

/* A handle of this process's heap session, as the CLI asked for it. */
struct heap_held {
	uint32_t handle;
	uint32_t api;
	uint32_t gfp;
	uint32_t count;
	bool mixed;	/* an object of it was reallocated with other flags */
};

#define MAX_AREAS	16

struct area_fd {
	char name[MMKIT_NAME_LEN];
	int fd;
};

/* Memory of this process's own, one page of it left in each block. */
struct movable {
	char *mem;
	size_t bytes;
};

/* Options that every verb takes. */
struct globals {
	bool json;
	bool verify;
	bool quiet;
	bool no_color;
	bool help;
	bool rows_set;
	uint32_t rows;
};

/* The only state there is: one of these lives in main(). */
struct cli {
	struct globals opt;
	bool interactive;	/* the session outlives the command */
	bool prompt;		/* in mmkit shell: commands have no mmkit before them */
	const char *where;	/* "FILE:LINE", or NULL */
	const char *expect;	/* this command is to fail so, "" in any way, or NULL */
	char name[64];		/* of the command: "pages alloc" */
	struct area_fd areas[MAX_AREAS];
	unsigned int nr_areas;
	struct held *held;
	unsigned int nr_held;
	struct heap_held *heaps;
	unsigned int nr_heaps;
	uint32_t last_handle;	/* the largest that was given out */
	struct movable movable;	/* that pages fragment spread out */
	struct json_object *failure;	/* of the last pages alloc that found none */
	struct verify *checks;
	struct capture *capture;	/* keeps what would be printed, or NULL */
	int last_errno;		/* of the last command that failed */
};

enum opt_type {
	OPT_FLAG,	/* bool */
	OPT_U32,
	OPT_S32,
	OPT_U64,
	OPT_SIZE,	/* uint64_t, with K, M, G, T */
	OPT_GFP,	/* uint32_t */
	OPT_CHOICE,	/* uint32_t, index into values */
	OPT_WORDS,	/* uint32_t, bits of values, joined by commas */
	OPT_STR,	/* const char * */
	OPT_STRATEGY,	/* const char *, completed from the module */
	OPT_DIR,	/* const char *, completed by the shell */
};

/* One option: --help, parsing and completion all come from here. */
struct opt {
	int key;	/* short option, or 0 */
	const char *name;
	enum opt_type type;
	size_t offset;	/* in the verb's options */
	const char *arg;
	const char *help;
	const char *const *values;
};

/* What there is to say of a verb that wants a handle. */
#define HANDLES_IN_SESSION \
	"Handles live as long as their session: use it in mmkit shell or run."

struct verb {
	const char *name;
	const char *args;	/* what follows the options, for --help */
	int min_args;
	int max_args;		/* -1: any number */
	const char *help;
	const char *more;	/* further lines for --help, or NULL */
	const char *example;
	const struct opt *opts;	/* ends with a NULL name */
	size_t size;		/* of the verb's options */
	const void *defaults;	/* of the verb's options, NULL for zeros */
	int (*run)(struct cli *cli, void *opts, int argc, char **argv);
	bool no_verify;		/* has nothing that --verify could compare */
};

struct command {
	const char *name;
	const char *help;
	const struct verb *verbs;
	unsigned int nr_verbs;	/* one verb without a name: no verbs */
};

extern const struct command *const commands[];
extern const struct command info_command, doctor_command, load_command,
	memblock_command, unload_command, pages_command, map_command, heap_command,
	bench_command, exercise_command,
	report_command, slab_command, shell_command, run_command, close_command, lab_command,
	aspace_command, top_command, bug_command;

/* command.c */
const struct command *command_find(const char *name);
const struct verb *verb_find(const struct command *cmd, const char *name);
bool command_flat(const struct command *cmd);
int command_run(struct cli *cli, int argc, char **argv);

/* opt.c */
extern const struct opt global_opts[];
int opt_parse(struct cli *cli, const struct verb *verb, void *dst, int argc,
	      char **argv);
bool opt_wants_json(int argc, char **argv);
int opt_globals(struct cli *cli, int argc, char **argv);
int parse_u64(const char *text, uint64_t max, uint64_t *value);
int parse_size(const char *text, uint64_t *bytes);
int parse_handle(struct cli *cli, const char *text, uint32_t *handle);

/* help.c */
void help_all(const struct cli *cli);
void help_command(const struct cli *cli, const struct command *cmd);
void help_verb(const struct cli *cli, const struct command *cmd,
	       const struct verb *verb);

/* complete.c: calls back with each word that may stand at argv[argc - 1] */
typedef void (*candidate_fn)(void *data, const char *word);
void complete(struct cli *cli, int argc, char **argv, candidate_fn fn,
	      void *data);

/* error.c */
struct reason {
	int err;
	const char *what;
	const char *remedy;
	int exit;
};

int fail(struct cli *cli, int status, int err, const char *remedy,
	 const char *fmt, ...) __attribute__((format(printf, 5, 6)));
int usage(struct cli *cli, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int explain(struct cli *cli, const struct reason *reasons, int err,
	    const char *doing);
int unreadable(struct cli *cli, const char *path, int err, const char *remedy);
int unwritable(struct cli *cli, const char *path, int err);
int explain_quota(struct cli *cli, int fd, uint64_t bytes, const char *doing);
const char *errno_name(int err);

/* near.c */
struct near {
	const char *best;
	unsigned int far;
};

void near_offer(struct near *near, const char *word, const char *candidate);

/* gfp_check.c */
bool gfp_mistake(uint32_t gfp, char *text, size_t len);
bool gfp_excludes(uint32_t gfp, uint32_t bit);

/* interrupt.c */
void interrupt_catch(void);
void interrupt_catch_ends(void);
void interrupt_forget(void);
bool interrupted(void);

/* session.c */
int area_open(struct cli *cli, const char *area);
int area_open_fresh(struct cli *cli, const char *area, int flags);
int handle_open(struct cli *cli, const char *area, const char *text,
		uint32_t *handle, int *fd);
void area_close(struct cli *cli, const char *area);
void areas_close(struct cli *cli);
struct held *held_add(struct cli *cli, const struct held *held);
struct held *held_find(struct cli *cli, uint32_t handle);
void held_drop(struct cli *cli, uint32_t handle);
struct json_object *session_json(int fd);
void session_show(struct json_object *obj);

/* verify.c */
void verify_field(struct cli *cli, const char *what, const char *source,
		  const char *where, int64_t ours, int64_t kernels);
void verify_skip(struct cli *cli, const char *what, const char *source,
		 int err);
void verify_reset(struct cli *cli);
const char *verify_impossible(const struct cli *cli, const char **remedy);
bool verify_failed(const struct cli *cli);
struct json_object *verify_json(const struct cli *cli);
void verify_show(const struct cli *cli);

#endif
