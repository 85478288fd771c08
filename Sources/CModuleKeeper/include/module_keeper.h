#pragma once

/// Starts a command and sees to it that nothing of it outlives the host, nor the command itself: the program's hidden subcommand.
///
/// A module may fork, change its group and its session, and ignore every signal but one; and the host may be killed at any moment. So a small
/// process stands between the two, adopts all orphans of the module, and kills them when the module has ended or the host has gone.
///
/// The host gives it these descriptors: 0, 1 and 2 are the command's own; 3 ends when the host has gone, or wants the command gone at once;
/// to 4 it writes one line, how the command ended: `exit N`, `signal N`, or, with an errno, `folder N` or `start N`. SIGTERM is passed on to the
/// command's process group.
///
/// - Parameter arguments: MEMORY CPU FILES SIZE FOLDER COMMAND ARGUMENT...: bytes of private memory, seconds of processor time, open files, bytes
///   of one file (0 for no limit), where it runs, and what.
/// - Returns: The exit code of the keeper: 0, or 2 for wrong arguments.
int attache_keep_module(int count, char *const arguments[]);
