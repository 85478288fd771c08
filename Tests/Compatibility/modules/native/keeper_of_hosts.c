// A module as somebody writes it who has read no more than "called once": it keeps its host in a variable.
#define _GNU_SOURCE
#include "attache_module.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

static const attache_host_v1 *host;

static void finish(uint64_t call, const char *text) {
    char json[512];
    int length = snprintf(json, sizeof json, "{\"content\":[{\"type\":\"text\",\"text\":\"%s\"}]}", text);
    host->finish(host->context, call, json, length);
}

// The value of the one argument, which has no escapes.
static void read_text(const char *json, size_t length, char *text, size_t limit) {
    const char *start = memmem(json, length, "\"arguments\":{\"text\":\"", 21);
    size_t count = 0;
    if (start) for (start += 21; start < json + length && *start != '"' && count + 1 < limit; start++) text[count++] = *start;
    text[count] = 0;
}

static void call(void *context, uint64_t number, const char *json, size_t length) {
    char text[256];
    read_text(json, length, text, sizeof text);
    // What the contract forbids: to be long about it.
    if (memmem(json, length, "\"name\":\"sleep\"", 14)) nanosleep(&(struct timespec){.tv_sec = 3}, NULL);
    finish(number, text);
}

static void cancel(void *context, uint64_t number) {}
static void close_module(void *context) {}

static const char tools[] =
    "{\"tools\":[{\"name\":\"echo\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\"}}}},"
    "{\"name\":\"sleep\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\"}}}}]}";

const attache_module_v1_t *attache_module_v1(const attache_host_v1 *given) {
    static attache_module_v1_t module = {ATTACHE_MODULE_ABI, NULL, tools, sizeof tools - 1, call, cancel, close_module};
    host = given;
    return &module;
}
