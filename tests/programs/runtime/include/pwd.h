// There are no users in a sandbox; ../missing.c finds none.
#pragma once
#include <sys/types.h>

struct passwd {
  char *pw_name, *pw_dir, *pw_shell;
  uid_t pw_uid;
};
struct passwd* getpwuid(uid_t);
