// Declarations for ../missing.c, of what Debian's wasi-libc leaves out. Included first where a program needs
// them.
#pragma once
#include <sys/stat.h>
#include <sys/types.h>
int chmod(const char*, mode_t);
int fchmod(int, mode_t);
int chown(const char*, uid_t, gid_t);
int fchown(int, uid_t, gid_t);
mode_t umask(mode_t);
uid_t getuid(void);
uid_t geteuid(void);
