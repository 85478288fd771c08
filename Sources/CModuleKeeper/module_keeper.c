#define _GNU_SOURCE
#include "module_keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { LIFELINE = 3, REPORT = 4 };
/// Milliseconds.
enum { MOMENT = 50 };
enum { MEMORY, CPU, FILES, SIZE, FOLDER, COMMAND };

static void report(const char *what, int number) {
    char line[32];
    int length = snprintf(line, sizeof line, "%s %d\n", what, number);
    if (write(REPORT, line, (size_t)length) < 0) { /* the host has gone */ }
}

static int limit(int resource, const char *text) {
    rlim_t value = strtoull(text, NULL, 10);
    struct rlimit both = {value, value};
    return value == 0 ? 0 : setrlimit(resource, &both);
}

/// Where the machine is short of memory, the module should go before the host.
static void be_killed_first(void) {
    int descriptor = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    if (write(descriptor, "500", 3) < 0) { /* then it is like any other */ }
    close(descriptor);
}

/// A process of root can look into every other, whatever that one forbids. A module cannot: it keeps none of the rights for that.
static void give_up_privileges(void) {
    const int rights[] = {CAP_SYS_PTRACE, CAP_SYS_ADMIN, CAP_SYS_RAWIO, CAP_SYS_MODULE, CAP_PERFMON, CAP_BPF, CAP_CHECKPOINT_RESTORE};
    for (size_t index = 0; index < sizeof rights / sizeof *rights; index++) prctl(PR_CAPBSET_DROP, rights[index]);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/// In the child: becomes the command.
static void become(char *const arguments[], pid_t keeper) {
    setpgid(0, 0);
    // The keeper has one thread, so this is about its death and not a thread's.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != keeper) _exit(127);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    be_killed_first();
    give_up_privileges();
    // Private writable memory: an address space that is only reserved, as by node and the JVM, does not count.
    if (limit(RLIMIT_DATA, arguments[MEMORY]) == 0 && limit(RLIMIT_CPU, arguments[CPU]) == 0
        && limit(RLIMIT_NOFILE, arguments[FILES]) == 0 && limit(RLIMIT_FSIZE, arguments[SIZE]) == 0) {
        if (chdir(arguments[FOLDER]) != 0) {
            report("folder", errno);
            _exit(127);
        }
        fcntl(LIFELINE, F_SETFD, FD_CLOEXEC);
        fcntl(REPORT, F_SETFD, FD_CLOEXEC);
        execve(arguments[COMMAND], arguments + COMMAND, environ);
    }
    report("start", errno);
    _exit(127);
}

/// Kills the children that this process has now. The orphans that their deaths leave become children in their turn.
/// Returns whether it could see them: a kernel may be built without that list.
static int kill_children(void) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    FILE *children = fopen(path, "re");
    if (!children) return 0;
    int child;
    while (fscanf(children, "%d", &child) == 1) kill(child, SIGKILL);
    fclose(children);
    return 1;
}

static void kill_all(pid_t module) {
    for (;;) {
        kill(-module, SIGKILL);
        int options = kill_children() ? 0 : WNOHANG;
        if (waitpid(-1, NULL, options) <= 0) return;
    }
}

/// Buries the dead. Returns whether the module is among them.
static int bury(pid_t module) {
    int status;
    pid_t dead;
    while ((dead = waitpid(-1, &status, WNOHANG)) > 0) {
        if (dead != module) continue;
        // A command that could not be started has said so itself.
        if (WIFSIGNALED(status)) report("signal", WTERMSIG(status));
        else report("exit", WEXITSTATUS(status));
        return 1;
    }
    return 0;
}

static void let_go_of_pipes(void) {
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int descriptor = 0; descriptor <= 2; descriptor++) dup2(nothing, descriptor);
    if (nothing > 2) close(nothing);
}

static void watch(pid_t module, int signals) {
    struct pollfd watched[] = {{.fd = signals, .events = POLLIN}, {.fd = LIFELINE, .events = POLLIN}};
    for (;;) {
        if (poll(watched, 2, -1) < 0 && errno != EINTR) return;
        if (watched[1].revents) {
            // The host may have seen the end of its output a moment before it was dead: then how it ended is still told.
            if (poll(watched, 1, MOMENT) > 0) bury(module);
            return;
        }
        if (!watched[0].revents) continue;
        struct signalfd_siginfo arrived;
        if (read(signals, &arrived, sizeof arrived) != sizeof arrived) continue;
        if (arrived.ssi_signo == SIGTERM) kill(-module, SIGTERM);
        if (arrived.ssi_signo == SIGCHLD && bury(module)) return;
    }
}

int attache_keep_module(int count, char *const arguments[]) {
    if (count <= COMMAND) return 2;
    close_range(REPORT + 1, ~0U, 0);
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
    if (module == 0) become(arguments, keeper);
    if (module < 0 || signals < 0) {
        report("start", errno);
        return 0;
    }
    setpgid(module, module);
    let_go_of_pipes();
    watch(module, signals);
    kill_all(module);
    return 0;
}
