// Functions that the programs name and Debian's wasi-libc declares at most. What a sandbox cannot do fails;
// owners and permissions do not exist there, so changing them has nothing to do.
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>

static int unsupported(void) {
  errno = ENOSYS;
  return -1;
}

FILE* tmpfile(void) { return unsupported() ? NULL : NULL; }
int system(const char* command) { return command ? unsupported() : 0; }
int chmod(const char* path, mode_t mode) { return (void)path, (void)mode, 0; }
int fchmod(int fd, mode_t mode) { return (void)fd, (void)mode, 0; }
int chown(const char* path, uid_t user, gid_t group) { return (void)path, (void)user, (void)group, 0; }
int fchown(int fd, uid_t user, gid_t group) { return (void)fd, (void)user, (void)group, 0; }
mode_t umask(mode_t mask) { return (void)mask, 022; }
uid_t getuid(void) { return 0; }
uid_t geteuid(void) { return 0; }
struct passwd* getpwuid(uid_t user) { return (void)user, NULL; }
