#pragma once
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

// prctl and syscall are variadic, which Swift cannot call.

/// Forbids core dumps, and other processes of this user to read this one's memory. 0, or -1 with errno.
static inline int attache_forbid_dumps(void) {
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) return -1;
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/// Gives the signals of a broken program back to the kernel: each ends the process at once. 0, or -1 with errno.
///
/// The Swift runtime takes them before `main`, whatever the program wants (SWIFT_BACKTRACE is read from the environment alone). It prints registers
/// and the memory that they point to, and in a process that may not be dumped it waits for its backtracer for ever.
static inline int attache_end_by_fatal_signals(void) {
    static const int signals[] = {SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};
    for (unsigned long index = 0; index < sizeof signals / sizeof *signals; index++) {
        struct sigaction action;
        if (sigaction(signals[index], 0, &action) != 0) return -1;
        // Whoever started it with a signal ignored meant that.
        if (action.sa_handler == SIG_IGN) continue;
        action.sa_handler = SIG_DFL;
        action.sa_flags = 0;
        if (sigaction(signals[index], &action, 0) != 0) return -1;
    }
    return 0;
}

/// Lets the process open as many files as the machine's administrator allows it. 0, or -1 with errno.
static inline int attache_raise_file_limit(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return -1;
    files.rlim_cur = files.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &files);
}

/// What this process's descendants leave behind when they die becomes this one's child, and not the machine's first process's.
static inline int attache_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

/// The version of Landlock that the kernel offers this process; below 1 where it does not.
static inline long attache_landlock_version(void) { return syscall(444 /* landlock_create_ruleset */, 0, 0, 1 /* its version */); }
