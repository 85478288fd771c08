#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// MARK: The rights of root

void give_up_privileges(void) {
    const int rights[] = {
        CAP_SYS_PTRACE, CAP_SYS_ADMIN, CAP_SYS_RAWIO, CAP_SYS_MODULE, CAP_SYS_RESOURCE, CAP_PERFMON, CAP_BPF, CAP_CHECKPOINT_RESTORE,
    };
    for (size_t index = 0; index < sizeof rights / sizeof *rights; index++) prctl(PR_CAPBSET_DROP, rights[index]);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/// What is executed next has none: neither from the bounding set nor by inheritance.
static void give_up_all_privileges(void) {
    for (int right = 0; prctl(PR_CAPBSET_READ, right) >= 0; right++) prctl(PR_CAPBSET_DROP, right);
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
    if (syscall(SYS_capget, &header, data) != 0) return;
    for (int index = 0; index < _LINUX_CAPABILITY_U32S_3; index++) data[index].inheritable = 0;
    syscall(SYS_capset, &header, data);
}

// MARK: Files and signals

// As landlock(7) has them; the header of the machine that this is built on may be older than the kernel that it runs on.
#define EXECUTE (1ULL << 0)
#define WRITE_FILE (1ULL << 1)
#define READ_FILE (1ULL << 2)
#define READ_DIR (1ULL << 3)
#define REMOVE_FILE (1ULL << 5)
#define MAKE_CHAR (1ULL << 6)
#define MAKE_REG (1ULL << 8)
#define MAKE_BLOCK (1ULL << 11)
#define TRUNCATE (1ULL << 14)
#define IOCTL_DEV (1ULL << 15)
/// All that a file can have which is no folder.
#define OF_FILES (EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV)
#define SCOPE_ABSTRACT_SOCKETS (1ULL << 0)
#define SCOPE_SIGNALS (1ULL << 1)

struct ruleset {
    uint64_t files, net, scopes;
};

struct rule_beneath {
    uint64_t access;
    int32_t parent;
} __attribute__((packed));

enum { SYS_CREATE_RULESET = 444, SYS_ADD_RULE = 445, SYS_RESTRICT_SELF = 446 };
enum { ASK_VERSION = 1, PATH_BENEATH = 1 };

/// All that a version of Landlock knows of files; of the network nothing is taken away.
static uint64_t known_to(long version) {
    if (version >= 5) return (1ULL << 16) - 1;
    if (version >= 3) return (1ULL << 15) - 1;
    if (version == 2) return (1ULL << 14) - 1;
    return (1ULL << 13) - 1;
}

/// What is allowed beneath the path of a rule; 0 for a word that is none.
static uint64_t access_of(const char *word, const char **path) {
    const struct { const char *name; uint64_t access; } kinds[] = {
        {"read", EXECUTE | READ_FILE | READ_DIR},
        {"list", READ_DIR},
        {"write", ~(MAKE_CHAR | MAKE_BLOCK)},
        {"device", READ_FILE | WRITE_FILE | TRUNCATE | IOCTL_DEV},
        // Without READ_DIR: who does not know the name of what others share does not find it.
        {"shared", READ_FILE | WRITE_FILE | TRUNCATE | MAKE_REG | REMOVE_FILE},
    };
    for (size_t index = 0; index < sizeof kinds / sizeof *kinds; index++) {
        if ((*path = setting(word, kinds[index].name))) return kinds[index].access;
    }
    return 0;
}

static int add_rule(int ruleset, uint64_t access, const char *path) {
    int place = open(path, O_PATH | O_CLOEXEC);
    if (place < 0) return 0;
    struct stat status;
    int code = fstat(place, &status);
    if (code == 0) {
        struct rule_beneath rule = {S_ISDIR(status.st_mode) ? access : access & OF_FILES, place};
        if (rule.access) code = (int)syscall(SYS_ADD_RULE, ruleset, PATH_BENEATH, &rule, 0);
    }
    close(place);
    return code;
}

static int add_rules(int ruleset, uint64_t known, const struct settings *settings) {
    for (int index = 0; index < settings->word_count; index++) {
        const char *path;
        uint64_t access = access_of(settings->words[index], &path);
        if (access && add_rule(ruleset, access & known, path) != 0) return -1;
    }
    return 0;
}

static int restrict_files_and_signals(const struct settings *settings) {
    long version = syscall(SYS_CREATE_RULESET, NULL, 0, ASK_VERSION);
    // Not built in, not switched on, or forbidden to this container: the host has said so.
    if (version < 1) return 0;
    uint64_t known = known_to(version);
    struct ruleset rules = {.files = known, .scopes = version >= 6 ? SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS : 0};
    int ruleset = (int)syscall(SYS_CREATE_RULESET, &rules, sizeof rules, 0);
    if (ruleset < 0) return -1;
    int code = add_rules(ruleset, known, settings);
    if (code == 0) code = (int)syscall(SYS_RESTRICT_SELF, ruleset, 0);
    close(ruleset);
    return code;
}

// MARK: Limits of others

#if defined(__x86_64__)
#define OWN AUDIT_ARCH_X86_64
#define OTHER AUDIT_ARCH_I386
#define OTHER_PRLIMIT 340
/// Without the bit of the 32-bit calls of this machine.
#define NUMBER_MASK 0xbfffffffU
#elif defined(__aarch64__)
#define OWN AUDIT_ARCH_AARCH64
#define OTHER AUDIT_ARCH_ARM
#define OTHER_PRLIMIT 369
#define NUMBER_MASK 0xffffffffU
#else
#error "say what prlimit64 is on this machine"
#endif

/// A process may limit every other one of its user: the host's processor time, to a second that it has long used. Landlock does not know that.
static void forbid_limiting_others(void) {
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, NUMBER_MASK),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prlimit64, 3, 5),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OTHER, 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OTHER_PRLIMIT, 0, 2),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    // Where the kernel has no filters, it is as it was.
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int enter_sandbox(const struct settings *settings) {
    give_up_all_privileges();
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    if (restrict_files_and_signals(settings) != 0) return -1;
    forbid_limiting_others();
    return 0;
}
