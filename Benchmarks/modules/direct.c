// What a call of a native module costs without Attaché: a C program that loads the library and calls it.
//
//     cc -O2 -I Sources/CAttacheModule/include -o direct Benchmarks/modules/direct.c && ./direct LIBRARY COUNT ACTION ARGUMENTS
//
// Prints {"microseconds": [...]}, one number for each call, as `attache module call --repeat` does.
#define _GNU_SOURCE
#include "attache_module.h"
#include <dlfcn.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static sem_t finished;
static int failed;

static void finish(void *context, uint64_t call, const char *json, size_t length) {
    failed |= memmem(json, length, "\"isError\":true", 14) != NULL;
    sem_post(&finished);
}

static void progress(void *context, uint64_t call, const char *text, size_t length) {}

static void log_line(void *context, int32_t level, const char *text, size_t length) { fprintf(stderr, "%.*s\n", (int)length, text); }

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

int main(int count, char **words) {
    if (count != 5) return fprintf(stderr, "usage: direct LIBRARY COUNT ACTION ARGUMENTS\n"), 2;
    void *library = dlopen(words[1], RTLD_NOW);
    if (!library) return fprintf(stderr, "%s\n", dlerror()), 1;
    const attache_module_v1_t *(*entry)(const attache_host_v1 *) = dlsym(library, "attache_module_v1");
    attache_host_v1 host = {ATTACHE_MODULE_ABI, NULL, finish, progress, log_line};
    const attache_module_v1_t *module = entry ? entry(&host) : NULL;
    if (!module) return fprintf(stderr, "%s is no module of version %d\n", words[1], ATTACHE_MODULE_ABI), 1;
    sem_init(&finished, 0, 0);
    char json[4096];
    int length = snprintf(json, sizeof json, "{\"name\":\"%s\",\"arguments\":%s,\"_meta\":{}}", words[3], words[4]);
    printf("{\"microseconds\":[");
    for (long call = 0; call < atol(words[2]); call++) {
        double start = now();
        module->call(module->context, call, json, length);
        sem_wait(&finished);
        printf("%s%.1f", call ? "," : "", now() - start);
    }
    printf("]}\n");
    return failed;
}
