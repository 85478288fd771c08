#pragma once

#include <stdint.h>
#include <sys/types.h>

enum { TREE_LIMIT = 1 << 15 };

/// All that this process has started, and what that has started, and so on. Those of it whose parents have died are children of this process.
struct tree {
    pid_t *processes;
    int count;
    /// A kernel may be built without the lists that this takes.
    int is_visible;
};

/// Looks again. There may be more than `TREE_LIMIT`; then those are left out.
void look_at(struct tree *tree);

/// What the processes of a tree use together.
struct usage {
    uint64_t tasks, memory;
};

/// Memory is what they have written to, in bytes; what some share counts for each of them.
struct usage usage_of(const struct tree *tree);

/// As `usage_of`, and what some share is shared among them. That takes the kernel much longer.
uint64_t exact_memory_of(const struct tree *tree);

/// Processes and threads of a user on this machine.
uint64_t tasks_of_user(uid_t user);
