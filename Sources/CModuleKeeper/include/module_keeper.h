#pragma once

/// Starts a command and sees to it that nothing of it outlives the host, nor the command itself: the program's hidden subcommand.
///
/// A module may fork, change its group and its session, and ignore every signal but one; and the host may be killed at any moment. So a small
/// process stands between the two, adopts all orphans of the module, and kills them when the module has ended or the host has gone. It also counts
/// what the module has started, and what memory that takes together, where no control group does. Should the module kill it, its orphans are the
/// host's, which knows them by a mark (see `mark_as_module`).
///
/// The host gives it these descriptors: 0, 1 and 2 are the command's own; 3 ends when the host has gone, or wants the command gone at once;
/// to 4 it writes one line, how the command ended: `exit N`, `signal N`, `memory N` or `processes N` where there was too much of it (bytes, or how
/// many), or, with an errno, `folder N`, `sandbox N` or `start N`. SIGTERM is passed on to the command's process group.
///
/// - Parameter arguments: SETTING... -- COMMAND ARGUMENT.... A setting is a name and a value:
///   - `memory=`, `processes=` of the command and all that it starts together: bytes that it has written to; processes and threads
///   - `memory=`, `cpu=`, `open_files=`, `file_size=` of one process: bytes of private memory, seconds, how many, bytes
///   - `group=` the folder of a control group for it (version 2), which then holds to `memory=` and `processes=` of all together
///   - `folder=` where it runs
///   - `sandbox=on` it has these files alone, and none of the rights of root: `read=`, `list=`, `write=`, `device=`, `shared=` and a path, as often
///     as need be; what is not there is left out
/// - Returns: The exit code of the keeper: 0, or 2 for wrong arguments.
int attache_keep_module(int count, char *const arguments[]);
