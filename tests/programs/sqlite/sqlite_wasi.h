// What SQLite 3.40's Unix layer names and WASI has not: record locks. The default file system of this build
// is "unix-none", which never asks for one.
#pragma once
#ifdef __wasi__
#include <fcntl.h>
#include <unistd.h>
#include "missing.h"

#define F_RDLCK 0
#define F_WRLCK 1
#define F_UNLCK 2
#define F_GETLK 5
#define F_SETLK 6
#endif
