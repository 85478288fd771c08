#pragma once
#include <histedit.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <wchar.h>

// el_wset and history_w are variadic, which Swift cannot call; the standard streams are variables, which Swift 6 does not touch.

/// What the editor calls, on the thread that edits. `context` comes back as it was given.
typedef struct attache_editor_hooks {
    void *context;
    /// The next character, 1; or 0 at the end.
    int (*read)(void *context, uint32_t *character);
    /// The prompt, zero terminated. It must live until the next call.
    const uint32_t *(*prompt)(void *context);
    /// A key that was bound to `attache`. Answers a CC_ code.
    unsigned char (*key)(void *context, uint32_t key);
} attache_editor_hooks;

static inline attache_editor_hooks *attache_hooks(EditLine *editor) {
    void *hooks = NULL;
    el_wget(editor, EL_CLIENTDATA, &hooks);
    return (attache_editor_hooks *)hooks;
}

static inline int attache_read(EditLine *editor, wchar_t *character) {
    attache_editor_hooks *hooks = attache_hooks(editor);
    uint32_t scalar = 0;
    int count = hooks->read(hooks->context, &scalar);
    *character = (wchar_t)scalar;
    return count;
}

static inline wchar_t *attache_prompt(EditLine *editor) {
    attache_editor_hooks *hooks = attache_hooks(editor);
    return (wchar_t *)hooks->prompt(hooks->context);
}

static inline unsigned char attache_key(EditLine *editor, wint_t key) {
    attache_editor_hooks *hooks = attache_hooks(editor);
    return hooks->key(hooks->context, (uint32_t)key);
}

/// An editor on the standard streams. `mark` encloses what takes no columns in the prompt.
static inline EditLine *attache_editor(attache_editor_hooks *hooks, uint32_t mark) {
    EditLine *editor = el_init("attache", stdin, stdout, stderr);
    if (!editor) return NULL;
    el_wset(editor, EL_CLIENTDATA, (void *)hooks);
    el_wset(editor, EL_SIGNAL, 0);
    el_wset(editor, EL_EDITOR, L"emacs");
    el_wset(editor, EL_GETCFN, attache_read);
    el_wset(editor, EL_PROMPT_ESC, attache_prompt, (int)mark);
    el_wset(editor, EL_ADDFN, L"attache", L"attache", attache_key);
    // Ctrl-C and the like are keys: a signal could not tell a line that is typed from a command that runs. Between two lines nothing changes:
    // what is typed just then must not be echoed or taken for the end.
    el_set(editor, EL_SETTY, "-d", "-isig", NULL);
    el_set(editor, EL_SETTY, "-x", "-isig", "-icanon", "-echo", NULL);
    // Every row ends with a line break. Else some do and some do not, and nobody knows which a terminal of another width joins.
    el_set(editor, EL_SETTC, "am", "no", NULL);
    return editor;
}

static inline void attache_bind(EditLine *editor, const char *key, const char *command) {
    el_set(editor, EL_BIND, key, command, NULL);
}

static inline void attache_refresh(EditLine *editor) { el_wset(editor, EL_REFRESH); }

/// Whether the terminal is in the state for editing.
static inline void attache_prepare_terminal(EditLine *editor, int isEditing) { el_wset(editor, EL_PREP_TERM, isEditing); }

static inline HistoryW *attache_history(EditLine *editor, int size) {
    HistoryW *history = history_winit();
    HistEventW event;
    if (!history) return NULL;
    history_w(history, &event, H_SETSIZE, size);
    history_w(history, &event, H_SETUNIQUE, 1);
    el_wset(editor, EL_HIST, history_w, history);
    return history;
}

static inline void attache_remember(HistoryW *history, const uint32_t *line) {
    HistEventW event;
    history_w(history, &event, H_ENTER, (const wchar_t *)line);
}

static inline const uint32_t *attache_gets(EditLine *editor, int *count) { return (const uint32_t *)el_wgets(editor, count); }

static inline int attache_insert(EditLine *editor, const uint32_t *text) { return el_winsertstr(editor, (const wchar_t *)text); }

/// The line so far; answers its length in characters.
static inline size_t attache_line(EditLine *editor, const uint32_t **text, size_t *cursor) {
    const LineInfoW *info = el_wline(editor);
    *text = (const uint32_t *)info->buffer;
    *cursor = (size_t)(info->cursor - info->buffer);
    return (size_t)(info->lastchar - info->buffer);
}

static inline void attache_write(const char *bytes, size_t count) { fwrite(bytes, 1, count, stdout); }

static inline void attache_flush(void) { fflush(stdout); }

/// Of the terminal on standard output; 0 where it has none.
static inline int attache_columns(void) {
    struct winsize size = {0};
    return ioctl(1, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/// The columns that libedit draws a character in: `^A` for a control, `\U+12345` for what the locale cannot show.
static inline int attache_width(uint32_t character) {
    int width = wcwidth((wchar_t)character);
    if (width >= 0) return width;
    return character < 0x80 ? 2 : character > 0xffff ? 8 : 7;
}
