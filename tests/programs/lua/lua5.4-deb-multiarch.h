// Debian's package makes this header while it is built; the name only becomes part of search paths for C
// modules.
#pragma once
#define DEB_HOST_MULTIARCH "guest"
