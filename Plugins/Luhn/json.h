#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>

// Reads JSON (RFC 8259) from front to back, and writes strings. Allocates nothing, never reads past the end, and nests no deeper than a
// fixed bound, whatever the text is. After the first error everything that reads fails.

typedef struct json_reader {
    const char *at;
    const char *end;
    int depth;
    bool has_failed;
    /// Whether a member has been read of the object that is being read.
    bool has_member;
} json_reader;

json_reader json_read(const char *text, size_t length);

/// Steps into an object. False if the value is none.
bool json_enter(json_reader *reader);

/// Reads the key of the next member; its value is next, and must be read or skipped. False at the end of the object, or on an error.
/// A key that does not fit is read as an empty one.
bool json_next(json_reader *reader, char *key, size_t size);

/// Reads a string, as UTF-8 with a terminator. A value that is no string, does not fit into `size` bytes, or contains U+0000 is skipped:
/// false, and an empty text.
bool json_string(json_reader *reader, char *text, size_t size);

/// Skips a value of any kind.
bool json_skip(json_reader *reader);

/// Writes a text as a JSON string, with its quotes and a terminator. False, and an empty text, if it does not fit into `size` bytes.
bool json_quote(const char *text, char *json, size_t size);

#endif
