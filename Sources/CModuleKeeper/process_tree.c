#define _GNU_SOURCE
#include "process_tree.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static FILE *open_of(pid_t process, const char *name) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", process, name);
    return fopen(path, "re");
}

// MARK: Who there is

static void add_children_of_thread(struct tree *tree, pid_t process, const char *thread) {
    char name[64];
    snprintf(name, sizeof name, "task/%.20s/children", thread);
    FILE *children = open_of(process, name);
    if (!children) return;
    tree->is_visible = 1;
    int child;
    while (tree->count < TREE_LIMIT && fscanf(children, "%d", &child) == 1) tree->processes[tree->count++] = child;
    fclose(children);
}

static void add_children(struct tree *tree, pid_t process) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", process);
    DIR *threads = opendir(path);
    if (!threads) return;
    for (struct dirent *thread; (thread = readdir(threads));) {
        if (isdigit((unsigned char)thread->d_name[0])) add_children_of_thread(tree, process, thread->d_name);
    }
    closedir(threads);
}

void look_at(struct tree *tree) {
    if (!tree->processes) tree->processes = malloc(TREE_LIMIT * sizeof *tree->processes);
    tree->count = 0;
    tree->is_visible = 0;
    if (!tree->processes) return;
    add_children(tree, getpid());
    for (int index = 0; index < tree->count; index++) add_children(tree, tree->processes[index]);
}

// MARK: What they use

/// The sum of the numbers of these lines of a file, as in `RssAnon:  1024 kB`.
static uint64_t sum_of_lines(FILE *file, const char *const names[]) {
    char line[256];
    uint64_t sum = 0;
    while (fgets(line, sizeof line, file)) {
        for (int index = 0; names[index]; index++) {
            size_t length = strlen(names[index]);
            if (strncmp(line, names[index], length) == 0 && line[length] == ':') sum += strtoull(line + length + 1, NULL, 10);
        }
    }
    return sum;
}

static uint64_t sum_in(pid_t process, const char *file, const char *const names[]) {
    FILE *status = open_of(process, file);
    if (!status) return 0;
    uint64_t sum = sum_of_lines(status, names);
    fclose(status);
    return sum;
}

static uint64_t tasks_of(pid_t process) { return sum_in(process, "status", (const char *const[]){"Threads", NULL}); }

static uint64_t memory_of(pid_t process) {
    return sum_in(process, "status", (const char *const[]){"RssAnon", "RssShmem", "VmSwap", NULL}) * 1024;
}

struct usage usage_of(const struct tree *tree) {
    struct usage usage = {0, 0};
    for (int index = 0; index < tree->count; index++) {
        usage.tasks += tasks_of(tree->processes[index]);
        usage.memory += memory_of(tree->processes[index]);
    }
    return usage;
}

uint64_t exact_memory_of(const struct tree *tree) {
    uint64_t sum = 0;
    for (int index = 0; index < tree->count; index++) {
        const char *const shares[] = {"Pss_Anon", "Pss_Shmem", "SwapPss", NULL};
        uint64_t share = sum_in(tree->processes[index], "smaps_rollup", shares) * 1024;
        // One that lets nobody look into it is taken at its word.
        sum += share ? share : memory_of(tree->processes[index]);
    }
    return sum;
}

uint64_t tasks_of_user(uid_t user) {
    DIR *processes = opendir("/proc");
    if (!processes) return 0;
    uint64_t sum = 0;
    for (struct dirent *entry; (entry = readdir(processes));) {
        pid_t process = atoi(entry->d_name);
        if (process > 0 && sum_in(process, "status", (const char *const[]){"Uid", NULL}) == user) sum += tasks_of(process);
    }
    closedir(processes);
    return sum;
}
