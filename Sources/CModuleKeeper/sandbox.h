#pragma once

#include "settings.h"

/// This process gets no right that it does not have, and none of those that let root look into every other process or raise its own limits.
void give_up_privileges(void);

/// This process and all that come of it have the files that the settings name and no others, no right of root, no way to signal processes outside,
/// and no way to change their limits. As far as the kernel can: where it has no Landlock, files and signals stay as they were.
///
/// - Returns: 0, or -1 with errno.
int enter_sandbox(const struct settings *settings);
