#include "settings.h"

#include <stdlib.h>
#include <string.h>

const char *setting(const char *word, const char *name) {
    size_t length = strlen(name);
    return strncmp(word, name, length) == 0 && word[length] == '=' ? word + length + 1 : NULL;
}

static void take(struct settings *settings, const char *word) {
    const struct { const char *name; uint64_t *number; } numbers[] = {
        {"memory", &settings->memory}, {"processes", &settings->processes}, {"cpu", &settings->cpu},
        {"open_files", &settings->open_files}, {"file_size", &settings->file_size},
    };
    const char *value;
    for (size_t index = 0; index < sizeof numbers / sizeof *numbers; index++) {
        if ((value = setting(word, numbers[index].name))) *numbers[index].number = strtoull(value, NULL, 10);
    }
    if ((value = setting(word, "group"))) settings->group = value;
    if ((value = setting(word, "folder"))) settings->folder = value;
    if ((value = setting(word, "sandbox"))) settings->is_sandboxed = strcmp(value, "on") == 0;
}

struct settings read_settings(int count, char *const words[]) {
    struct settings settings = {.words = words};
    int index = 0;
    for (; index < count && strcmp(words[index], "--") != 0; index++) take(&settings, words[index]);
    settings.word_count = index;
    if (index + 1 < count && settings.folder) settings.command = words + index + 1;
    return settings;
}
