// What a native module of Attaché is: a shared library that exports the one function at the end of this file.
//
// Only bytes cross between the host and a module: UTF-8 JSON, in the words of the Model Context Protocol's `tools/list` and `tools/call`.
// So a module may be written in any language that can make a C function, with any compiler.
//
// A native module runs inside of the host: if it crashes, the host does. One that you do not trust as you trust the host is better a
// program of its own, which speaks MCP over its standard input and output.
//
//     cc -std=c11 -shared -fPIC -o libGreeter.so greeter.c       modules: { greeter: { library: ./libGreeter.so } }
//
// THE ORDER OF THINGS
//   1. The host loads the library and calls attache_module_v1() once, whichever bot files name it. It answers with a description of the
//      module, or NULL.
//   2. The host calls call() as often as it likes, from threads of its own, several at a time, also while earlier calls are unanswered.
//   3. The module answers each call with finish(), exactly once: before call() returns, or later from any thread.
//   4. The host calls close() once. The library is never unloaded; should a bot file name it again later, 1 comes again.
//
// THE TOOLS (attache_module_v1_t.tools), at most 1 MiB
//   {"tools": [{"name": "greet",                                      1 to 128 of A-Z a-z 0-9 _ . -
//               "description": "Says hello.",
//               "inputSchema": {"type": "object", "properties": {"who": {"type": "string", "description": "Whom"}}, "required": ["who"]},
//               "annotations": {"readOnlyHint": true}}]}              or "idempotentHint": true: may be run again after a crash
//   inputSchema is JSON Schema 2020-12. The host checks what it understands of it before it calls; the module checks the rest.
//
// A CALL (the `json` of call())
//   {"name": "greet", "arguments": {"who": "Ada"},
//    "_meta": {"dev.attache/context": {                               every member may be absent
//      "contact": {"id": "...", "attributes": {"tier": "gold"}},      the chat
//      "participant": {"id": "...", "role": "CUSTOM_BOT", "displayName": "Receipts"},    the bot's part in it
//      "variables": {"order": "1001"},                                what the step of the bot file could see
//      "idempotencyKey": "...",                                       the same for every repetition of one call
//      "now": "2026-01-02T10:11:12.345Z", "timeZone": "Europe/London",
//      "spool": "/.../files"}}}                                       a folder for files; the host clears it after a while
//   A call that goes on after a question also has "inputResponses" and, where the question had one, "requestState".
//
// AN ANSWER (the `json` of finish()), at most 8 MiB
//   a value     {"content": [{"type": "text", "text": "Hello, Ada"}]}            or "structuredContent": {...}, which wins
//   a file      {"content": [{"type": "resource_link", "uri": "file:///.../files/a.pdf", "name": "a.pdf", "mimeType": "application/pdf"}]}
//               for a file within the spool folder, or, up to 1 MiB,
//               {"content": [{"type": "resource", "resource": {"uri": "file:///a.txt", "mimeType": "text/plain", "blob": "BASE64"}}]}
//   a failure   {"content": [{"type": "text", "text": "There is no order 7."}], "isError": true}
//   a question  {"resultType": "input_required", "requestState": "...",          the state comes back as it was given
//                "inputRequests": {"q": {"method": "elicitation/create", "params": {"mode": "form", "message": "Which order?",
//                  "requestedSchema": {"type": "object", "properties": {"order": {"type": "string"}}, "required": ["order"]}}}}}
//               The call then comes again with "inputResponses": {"q": {"action": "accept", "content": {"order": "1001"}}}.
//   An answer that is none of these fails the call, with a reason that says so.

#ifndef ATTACHE_MODULE_H
#define ATTACHE_MODULE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The version of this contract. It is part of the function's name as well, so a library can serve several.
#define ATTACHE_MODULE_ABI 1

/// What the host gives. Valid until close() returns; all its functions may be called from any thread, and never block for long.
typedef struct attache_host_v1 {
    /// ATTACHE_MODULE_ABI, as the host knows it.
    uint32_t abi;
    /// The first argument of every function below.
    void *context;
    /// Answers a call, exactly once: from within call() or later, from any thread. `json` is an answer as described above, `length` bytes
    /// of UTF-8 without a terminator; the bytes are copied before finish() returns. An answer to a call that was answered or cancelled is
    /// ignored.
    void (*finish)(void *context, uint64_t call, const char *json, size_t length);
    /// Says that a call is getting on: the chat shows that the bot is typing, and the call has more time. `text` is for the log and may
    /// be NULL.
    void (*progress)(void *context, uint64_t call, const char *text, size_t length);
    /// Writes to the host's log. Levels: 0 debug, 1 info, 2 warning, 3 error. Never log secrets.
    void (*log)(void *context, int32_t level, const char *text, size_t length);
} attache_host_v1;

/// What the module gives. It lives as long as the process, and does not change. No function may be NULL.
typedef struct attache_module_v1_t {
    /// ATTACHE_MODULE_ABI, as the module knows it.
    uint32_t abi;
    /// The first argument of every function below.
    void *context;
    /// The actions, as described above: `tools_length` bytes of UTF-8.
    const char *tools;
    size_t tools_length;
    /// Begins a call, and returns soon: what takes long is done on a thread of the module's. `json` is a call as described above, `length`
    /// bytes of UTF-8 without a terminator, valid only until call() returns. `call` is the host's number for it, never used twice.
    void (*call)(void *context, uint64_t call, const char *json, size_t length);
    /// Nobody waits for the call any more. finish() may still be called for it, and is ignored. Also comes for a call just answered.
    void (*cancel)(void *context, uint64_t call);
    /// No more calls come. After it returns, what the host gave is dead: the module has stopped its threads, or they call the host no more.
    void (*close)(void *context);
} attache_module_v1_t;

/// The one symbol that a module exports.
///
/// Called before all else, and not again before close(). Returns NULL when it cannot serve `host->abi`, or cannot work at all; log() says why.
const attache_module_v1_t *attache_module_v1(const attache_host_v1 *host);

#ifdef __cplusplus
}
#endif

#endif
