#pragma once

#include <stdint.h>

/// What the host says of the command.
struct settings {
    /// 0 for no limit.
    uint64_t memory, processes, cpu, open_files, file_size;
    /// NULL where there is none.
    const char *group, *folder;
    int is_sandboxed;
    /// The rules of the sandbox among them.
    char *const *words;
    int word_count;
    /// The command and its arguments, up to a NULL; nothing, where the settings are wrong.
    char *const *command;
};

struct settings read_settings(int count, char *const words[]);

/// The value of the word if it sets this; NULL otherwise.
const char *setting(const char *word, const char *name);
