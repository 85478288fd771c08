// A native module in C: `luhn.check` says whether an order number can be right, `luhn.append` makes one.

#include <stdio.h>
#include <string.h>

#include "attache_module.h"
#include "json.h"
#include "luhn.h"

static const char TOOLS[] =
    "{\"tools\": ["
    "{\"name\": \"check\", \"description\": \"Says whether a number ends with the right check digit.\","
    " \"inputSchema\": {\"type\": \"object\", \"properties\": {\"number\": {\"type\": \"string\", \"maxLength\": 128,"
    " \"description\": \"Up to 64 digits, with spaces and hyphens between them\"}}, \"required\": [\"number\"],"
    " \"additionalProperties\": false}, \"annotations\": {\"readOnlyHint\": true}},"
    "{\"name\": \"append\", \"description\": \"Puts the check digit after a number.\","
    " \"inputSchema\": {\"type\": \"object\", \"properties\": {\"number\": {\"type\": \"string\", \"maxLength\": 128,"
    " \"description\": \"Up to 63 digits, with spaces and hyphens between them\"}}, \"required\": [\"number\"],"
    " \"additionalProperties\": false}, \"annotations\": {\"readOnlyHint\": true}}]}";

/// What is used of a call. `number` is empty if there is none that could be read.
typedef struct request {
    char name[16];
    char number[129];
} request;

static void read_arguments(json_reader *reader, request *request) {
    char key[16];
    if (!json_enter(reader)) return;
    while (json_next(reader, key, sizeof key)) {
        if (strcmp(key, "number") == 0) json_string(reader, request->number, sizeof request->number);
        else json_skip(reader);
    }
}

static bool read_request(const char *json, size_t length, request *request) {
    json_reader reader = json_read(json, length);
    char key[16];
    *request = (struct request){0};
    if (!json_enter(&reader)) return false;
    while (json_next(&reader, key, sizeof key)) {
        if (strcmp(key, "name") == 0) json_string(&reader, request->name, sizeof request->name);
        else if (strcmp(key, "arguments") == 0) read_arguments(&reader, request);
        else json_skip(&reader);
    }
    return !reader.has_failed;
}

static void answer(const attache_host_v1 *host, uint64_t call, const char *json) {
    host->finish(host->context, call, json, strlen(json));
}

static void refuse(const attache_host_v1 *host, uint64_t call, const char *reason) {
    char text[1024], json[1100];
    json_quote(reason, text, sizeof text);
    snprintf(json, sizeof json, "{\"content\": [{\"type\": \"text\", \"text\": %s}], \"isError\": true}", text);
    answer(host, call, json);
}

static void refuse_number(const attache_host_v1 *host, uint64_t call, const char *number) {
    char reason[256];
    snprintf(reason, sizeof reason, "'number' is \"%s\"; it must be 1 to 64 digits, with spaces and hyphens between them", number);
    refuse(host, call, reason);
}

static void check(const attache_host_v1 *host, uint64_t call, const char *digits, size_t count) {
    answer(
        host, call,
        luhn_is_valid(digits, count)
            ? "{\"content\": [{\"type\": \"text\", \"text\": \"valid\"}], \"structuredContent\": {\"valid\": true}}"
            : "{\"content\": [{\"type\": \"text\", \"text\": \"not valid\"}], \"structuredContent\": {\"valid\": false}}"
    );
}

static void append(const attache_host_v1 *host, uint64_t call, const char *digits, size_t count) {
    char json[256];
    if (count == LUHN_DIGITS) {
        refuse(host, call, "the number has 64 digits; with a check digit it would be too long");
        return;
    }
    snprintf(json, sizeof json, "{\"content\": [{\"type\": \"text\", \"text\": \"%s%c\"}]}", digits, luhn_check_digit(digits, count));
    answer(host, call, json);
}

// The functions that the host calls. Every call is answered at once, so there is nothing to cancel and nothing to close.

static void begin(void *context, uint64_t call, const char *json, size_t length) {
    const attache_host_v1 *host = context;
    request request;
    char digits[LUHN_DIGITS + 1];
    bool is_read = read_request(json, length, &request);
    bool is_check = strcmp(request.name, "check") == 0;
    size_t count = luhn_digits(request.number, digits);
    if (!is_read) refuse(host, call, "the call is not a JSON object of a few levels");
    else if (!is_check && strcmp(request.name, "append") != 0) refuse(host, call, "there is no such action");
    else if (count == 0) refuse_number(host, call, request.number);
    else if (is_check) check(host, call, digits, count);
    else append(host, call, digits, count);
}

static void cancel(void *context, uint64_t call) {
    (void)context;
    (void)call;
}

static void close_module(void *context) {
    (void)context;
}

const attache_module_v1_t *attache_module_v1(const attache_host_v1 *host) {
    static attache_module_v1_t module = {
        .abi = ATTACHE_MODULE_ABI,
        .tools = TOOLS,
        .tools_length = sizeof TOOLS - 1,
        .call = begin,
        .cancel = cancel,
        .close = close_module,
    };
    if (host->abi != ATTACHE_MODULE_ABI) return NULL;
    module.context = (void *)host;
    return &module;
}
