#include "attache_module.h"

// Libraries that were built against version 1 of the contract rely on this layout. It can only change with a new version.
#define POINTER sizeof(void *)

_Static_assert(offsetof(attache_host_v1, abi) == 0, "abi comes first, in every version");
_Static_assert(offsetof(attache_host_v1, context) == POINTER, "host.context");
_Static_assert(offsetof(attache_host_v1, finish) == 2 * POINTER, "host.finish");
_Static_assert(offsetof(attache_host_v1, progress) == 3 * POINTER, "host.progress");
_Static_assert(offsetof(attache_host_v1, log) == 4 * POINTER, "host.log");
_Static_assert(sizeof(attache_host_v1) == 5 * POINTER, "host");

_Static_assert(offsetof(attache_module_v1_t, abi) == 0, "abi comes first, in every version");
_Static_assert(offsetof(attache_module_v1_t, context) == POINTER, "module.context");
_Static_assert(offsetof(attache_module_v1_t, tools) == 2 * POINTER, "module.tools");
_Static_assert(offsetof(attache_module_v1_t, tools_length) == 3 * POINTER, "module.tools_length");
_Static_assert(offsetof(attache_module_v1_t, call) == 4 * POINTER, "module.call");
_Static_assert(offsetof(attache_module_v1_t, cancel) == 5 * POINTER, "module.cancel");
_Static_assert(offsetof(attache_module_v1_t, close) == 6 * POINTER, "module.close");
_Static_assert(sizeof(attache_module_v1_t) == 7 * POINTER, "module");
