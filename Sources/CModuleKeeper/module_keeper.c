#define _GNU_SOURCE
#include "module_keeper.h"

#include "process_tree.h"
#include "sandbox.h"
#include "settings.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { LIFELINE = 3, REPORT = 4 };
/// Milliseconds: for how long the end of a module is waited for, and after which time it is counted again.
enum { MOMENT = 50, INTERVAL = 250 };
/// After so many intervals memory that was found to be shared is looked at closely again.
enum { EXACT_INTERVALS = 8 };

static void report(const char *what, uint64_t number) {
    char line[64];
    int length = snprintf(line, sizeof line, "%s %llu\n", what, (unsigned long long)number);
    if (write(REPORT, line, (size_t)length) < 0) { /* the host has gone */ }
}

/// - Returns: 0, or -1 with errno. A file that is not there is none of those that are written to.
static int write_text(const char *folder, const char *name, const char *text) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return -1;
    ssize_t count = write(descriptor, text, strlen(text));
    close(descriptor);
    return count < 0 ? -1 : 0;
}

// MARK: In the child

static int limit(int resource, uint64_t value) {
    struct rlimit both = {value, value};
    return value == 0 ? 0 : setrlimit(resource, &both);
}

/// Where the machine is short of memory, the module should go before the host.
static void be_killed_first(void) {
    if (write_text("/proc/self", "oom_score_adj", "500") != 0) { /* then it is like any other */ }
}

/// A limit for processes that must run at once, which no module is: it is a little lower than the host's, is inherited, and is never raised again.
/// So the host knows what was a module's once its keeper has gone.
static void mark_as_module(void) {
    struct rlimit mark;
    if (getrlimit(RLIMIT_RTTIME, &mark) != 0 || mark.rlim_max == 0) return;
    mark.rlim_max -= 1;
    if (mark.rlim_cur > mark.rlim_max) mark.rlim_cur = mark.rlim_max;
    setrlimit(RLIMIT_RTTIME, &mark);
}

/// A bound for what forks faster than it is counted: the limit of the kernel is about all processes of a user, and not about root's.
static void limit_forks(uint64_t processes) {
    enum { OTHERS = 512 };
    if (processes && getuid() != 0) limit(RLIMIT_NPROC, tasks_of_user(getuid()) + processes + OTHERS);
}

static int set_limits(const struct settings *settings) {
    limit_forks(settings->processes);
    // Private writable memory: an address space that is only reserved, as by node and the JVM, does not count.
    if (limit(RLIMIT_DATA, settings->memory) != 0 || limit(RLIMIT_CPU, settings->cpu) != 0) return -1;
    if (limit(RLIMIT_NOFILE, settings->open_files) != 0) return -1;
    return limit(RLIMIT_FSIZE, settings->file_size);
}

static void fail(const char *what) {
    report(what, (uint64_t)errno);
    _exit(127);
}

/// Becomes the command.
static void become(const struct settings *settings, pid_t keeper) {
    // A session of its own: it has no terminal, and cannot get into the host's process group.
    setsid();
    // The keeper has one thread, so this is about its death and not a thread's.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != keeper) _exit(127);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_DUMPABLE, 1);
    be_killed_first();
    if (settings->group && write_text(settings->group, "cgroup.procs", "0") != 0) fail("start");
    mark_as_module();
    give_up_privileges();
    if (set_limits(settings) != 0) fail("start");
    if (chdir(settings->folder) != 0) fail("folder");
    fcntl(LIFELINE, F_SETFD, FD_CLOEXEC);
    fcntl(REPORT, F_SETFD, FD_CLOEXEC);
    if (settings->is_sandboxed && enter_sandbox(settings) != 0) fail("sandbox");
    execve(settings->command[0], settings->command, environ);
    fail("start");
}

// MARK: The end

static void kill_all(const struct settings *settings, pid_t module) {
    struct tree tree = {0};
    for (;;) {
        if (settings->group) write_text(settings->group, "cgroup.kill", "1");
        kill(-module, SIGKILL);
        look_at(&tree);
        for (int index = 0; index < tree.count; index++) kill(tree.processes[index], SIGKILL);
        // The orphans that a death leaves become children in their turn. Where they cannot be seen, nobody waits for them.
        if (waitpid(-1, NULL, tree.is_visible ? 0 : WNOHANG) <= 0) return;
        while (waitpid(-1, NULL, WNOHANG) > 0) {}
    }
}

/// Whether the kernel has killed in the group because it had too much memory.
static int was_short_of_memory(const char *group) {
    char path[4096], line[128];
    snprintf(path, sizeof path, "%s/memory.events", group);
    FILE *events = fopen(path, "re");
    if (!events) return 0;
    unsigned long long kills = 0;
    while (fgets(line, sizeof line, events)) {
        if (sscanf(line, "oom_kill %llu", &kills) == 1) break;
    }
    fclose(events);
    return kills > 0;
}

/// Buries the dead. Returns whether the module is among them.
static int bury(const struct settings *settings, pid_t module) {
    int status;
    pid_t dead;
    while ((dead = waitpid(-1, &status, WNOHANG)) > 0) {
        if (dead != module) continue;
        // A command that could not be started has said so itself.
        if (WIFSIGNALED(status) && settings->group && was_short_of_memory(settings->group)) report("memory", settings->memory);
        else if (WIFSIGNALED(status)) report("signal", (uint64_t)WTERMSIG(status));
        else report("exit", (uint64_t)WEXITSTATUS(status));
        return 1;
    }
    return 0;
}

// MARK: Meanwhile

/// How the module is counted where no control group does.
struct count {
    struct tree tree;
    /// When it is to be done again, in milliseconds of the clock that never jumps.
    int64_t due;
    /// Intervals until memory that is shared is looked at again.
    int pause;
};

/// Returns whether it uses more than it may; that is reported then.
static int is_too_much(const struct settings *settings, struct count *count) {
    look_at(&count->tree);
    struct usage usage = usage_of(&count->tree);
    if (settings->processes && usage.tasks > settings->processes) {
        report("processes", settings->processes);
        return 1;
    }
    if (count->pause > 0) count->pause--;
    if (!settings->memory || usage.memory <= settings->memory || count->pause > 0) return 0;
    count->pause = EXACT_INTERVALS;
    if (exact_memory_of(&count->tree) <= settings->memory) return 0;
    report("memory", settings->memory);
    return 1;
}

static int64_t milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/// Counts if it is time for that, however often the module makes itself heard. Returns whether it uses more than it may.
static int count_in_time(const struct settings *settings, struct count *count) {
    if (milliseconds() < count->due) return 0;
    int is_over = is_too_much(settings, count);
    count->due = milliseconds() + INTERVAL;
    return is_over;
}

static void let_go_of_pipes(void) {
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int descriptor = 0; descriptor <= 2; descriptor++) dup2(nothing, descriptor);
    if (nothing > 2) close(nothing);
}

/// - Parameter signals: A descriptor that SIGTERM and SIGCHLD arrive on.
static void watch(const struct settings *settings, pid_t module, int signals) {
    struct pollfd watched[] = {{.fd = signals, .events = POLLIN}, {.fd = LIFELINE, .events = POLLIN}};
    struct count count = {.due = milliseconds() + INTERVAL};
    int counts = !settings->group && (settings->memory || settings->processes);
    for (;;) {
        int ready = poll(watched, 2, counts ? INTERVAL : -1);
        if (ready < 0 && errno != EINTR) return;
        if (counts && count_in_time(settings, &count)) return;
        if (ready <= 0) continue;
        if (watched[1].revents) {
            // The host may have seen the end of its output a moment before it was dead: then how it ended is still told.
            if (poll(watched, 1, MOMENT) > 0) bury(settings, module);
            return;
        }
        struct signalfd_siginfo arrived;
        if (read(signals, &arrived, sizeof arrived) != sizeof arrived) continue;
        if (arrived.ssi_signo == SIGTERM) kill(-module, SIGTERM);
        if (arrived.ssi_signo == SIGCHLD && bury(settings, module)) return;
    }
}

int attache_keep_module(int argument_count, char *const arguments[]) {
    const struct settings settings = read_settings(argument_count, arguments);
    if (!settings.command) return 2;
    close_range(REPORT + 1, ~0U, 0);
    // What it kept of the host's in its memory is not for the module.
    prctl(PR_SET_DUMPABLE, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    sigset_t handled;
    sigemptyset(&handled);
    sigaddset(&handled, SIGTERM);
    sigaddset(&handled, SIGCHLD);
    sigprocmask(SIG_BLOCK, &handled, NULL);
    int signals = signalfd(-1, &handled, SFD_CLOEXEC);

    pid_t keeper = getpid();
    pid_t module = fork();
    if (module == 0) become(&settings, keeper);
    if (module < 0 || signals < 0) {
        report("start", (uint64_t)errno);
        return 0;
    }
    let_go_of_pipes();
    watch(&settings, module, signals);
    kill_all(&settings, module);
    return 0;
}
