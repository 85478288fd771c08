#include "json.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define MAX_DEPTH 64

json_reader json_read(const char *text, size_t length) {
    return (json_reader){.at = text, .end = text + length};
}

static bool fail(json_reader *reader) {
    reader->has_failed = true;
    return false;
}

/// The next byte that is no space; '\0' at the end.
static char peek(json_reader *reader) {
    while (reader->at < reader->end && memchr(" \t\r\n", *reader->at, 4) != NULL) reader->at++;
    return reader->at < reader->end && !reader->has_failed ? *reader->at : '\0';
}

static bool take(json_reader *reader, char expected) {
    if (peek(reader) != expected) return fail(reader);
    reader->at++;
    return true;
}

// Strings

/// Text as it is read; empty in the end if there was no room for all of it.
typedef struct output {
    char *text;
    size_t size;
    size_t length;
    bool is_cut;
} output;

static void put(output *output, const char *bytes, size_t count) {
    if (output->is_cut || output->length + count >= output->size) {
        output->is_cut = true;
        return;
    }
    memcpy(output->text + output->length, bytes, count);
    output->length += count;
}

static void put_scalar(output *output, uint32_t scalar) {
    char bytes[4];
    size_t count;
    if (scalar < 0x80) {
        bytes[0] = (char)scalar;
        count = 1;
    } else if (scalar < 0x800) {
        bytes[0] = (char)(0xC0 | scalar >> 6);
        count = 2;
    } else if (scalar < 0x10000) {
        bytes[0] = (char)(0xE0 | scalar >> 12);
        count = 3;
    } else {
        bytes[0] = (char)(0xF0 | scalar >> 18);
        count = 4;
    }
    for (size_t index = 1; index < count; index++) bytes[index] = (char)(0x80 | (scalar >> 6 * (count - 1 - index) & 0x3F));
    put(output, bytes, count);
}

static bool four_digits(json_reader *reader, uint32_t *value) {
    *value = 0;
    for (int index = 0; index < 4; index++) {
        if (reader->at == reader->end) return fail(reader);
        char digit = *reader->at++;
        if (digit >= '0' && digit <= '9') *value = *value << 4 | (uint32_t)(digit - '0');
        else if (digit >= 'a' && digit <= 'f') *value = *value << 4 | (uint32_t)(digit - 'a' + 10);
        else if (digit >= 'A' && digit <= 'F') *value = *value << 4 | (uint32_t)(digit - 'A' + 10);
        else return fail(reader);
    }
    return true;
}

/// What follows `\u`: one scalar, of which a large one is written as two halves. U+0000 would end the text, so it cuts it.
static bool unicode_escape(json_reader *reader, output *output) {
    uint32_t scalar;
    if (!four_digits(reader, &scalar)) return false;
    if (scalar >= 0xDC00 && scalar < 0xE000) return fail(reader);
    if (scalar >= 0xD800 && scalar < 0xDC00) {
        uint32_t low;
        if (reader->end - reader->at < 2 || reader->at[0] != '\\' || reader->at[1] != 'u') return fail(reader);
        reader->at += 2;
        if (!four_digits(reader, &low)) return false;
        if (low < 0xDC00 || low >= 0xE000) return fail(reader);
        scalar = 0x10000 + ((scalar - 0xD800) << 10) + (low - 0xDC00);
    }
    if (scalar == 0) output->is_cut = true;
    put_scalar(output, scalar);
    return true;
}

static bool escape(json_reader *reader, output *output) {
    if (reader->at == reader->end) return fail(reader);
    switch (*reader->at++) {
    case '"': put(output, "\"", 1); return true;
    case '\\': put(output, "\\", 1); return true;
    case '/': put(output, "/", 1); return true;
    case 'b': put(output, "\b", 1); return true;
    case 'f': put(output, "\f", 1); return true;
    case 'n': put(output, "\n", 1); return true;
    case 'r': put(output, "\r", 1); return true;
    case 't': put(output, "\t", 1); return true;
    case 'u': return unicode_escape(reader, output);
    default: return fail(reader);
    }
}

/// Reads a string to its end.
static bool read_string(json_reader *reader, output *output) {
    if (!take(reader, '"')) return false;
    while (reader->at < reader->end) {
        unsigned char byte = (unsigned char)*reader->at++;
        if (byte == '"') {
            if (output->size > 0) output->text[output->is_cut ? 0 : output->length] = '\0';
            return true;
        }
        if (byte < 0x20) return fail(reader);
        if (byte != '\\') put(output, (const char *)&byte, 1);
        else if (!escape(reader, output)) return false;
    }
    return fail(reader);
}

bool json_string(json_reader *reader, char *text, size_t size) {
    output output = {.text = text, .size = size};
    text[0] = '\0';
    if (peek(reader) != '"') {
        json_skip(reader);
        return false;
    }
    return read_string(reader, &output) && !output.is_cut;
}

// Objects

bool json_enter(json_reader *reader) {
    if (reader->depth == MAX_DEPTH) return fail(reader);
    if (!take(reader, '{')) return false;
    reader->depth++;
    reader->has_member = false;
    return true;
}

/// Whether there is another part of an object or array; steps over the comma before it, or the bracket that ends it.
static bool more(json_reader *reader, char end) {
    if (peek(reader) == end) {
        reader->at++;
        reader->depth--;
        reader->has_member = true;  // of the object around this one
        return false;
    }
    if (reader->has_member && !take(reader, ',')) return false;
    reader->has_member = true;
    return !reader->has_failed;
}

bool json_next(json_reader *reader, char *key, size_t size) {
    output output = {.text = key, .size = size};
    return more(reader, '}') && read_string(reader, &output) && take(reader, ':');
}

// Other values

static bool skip_word(json_reader *reader, const char *word) {
    size_t length = strlen(word);
    if ((size_t)(reader->end - reader->at) < length || memcmp(reader->at, word, length) != 0) return fail(reader);
    reader->at += length;
    return true;
}

/// Takes any run of the characters that numbers have: no number is used, so which they are does not matter.
static bool skip_number(json_reader *reader) {
    const char *start = reader->at;
    while (reader->at < reader->end && memchr("+-.0123456789Ee", *reader->at, 15) != NULL) reader->at++;
    return reader->at > start || fail(reader);
}

static bool skip_array(json_reader *reader) {
    if (reader->depth == MAX_DEPTH) return fail(reader);
    reader->at++;
    reader->depth++;
    reader->has_member = false;
    while (more(reader, ']')) {
        if (!json_skip(reader)) return false;
    }
    return !reader->has_failed;
}

static bool skip_object(json_reader *reader) {
    if (!json_enter(reader)) return false;
    while (json_next(reader, NULL, 0)) {
        if (!json_skip(reader)) return false;
    }
    return !reader->has_failed;
}

bool json_skip(json_reader *reader) {
    switch (peek(reader)) {
    case '{': return skip_object(reader);
    case '[': return skip_array(reader);
    case '"': return read_string(reader, &(output){0});
    case 't': return skip_word(reader, "true");
    case 'f': return skip_word(reader, "false");
    case 'n': return skip_word(reader, "null");
    default: return skip_number(reader);
    }
}

// Writing

bool json_quote(const char *text, char *json, size_t size) {
    output output = {.text = json, .size = size};
    put(&output, "\"", 1);
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        char escaped[7];
        if (byte == '"' || byte == '\\') snprintf(escaped, sizeof escaped, "\\%c", byte);
        else if (byte < 0x20) snprintf(escaped, sizeof escaped, "\\u%04x", byte);
        else snprintf(escaped, sizeof escaped, "%c", byte);
        put(&output, escaped, strlen(escaped));
    }
    put(&output, "\"", 1);
    if (size > 0) json[output.is_cut ? 0 : output.length] = '\0';
    return !output.is_cut;
}
