// Runs a command for which openat2 is refused by a seccomp filter, as container runtimes refused it for
// years:
//
//     refuse_openat2 ERRNO COMMAND [ARGUMENTS…]       ERRNO: 1 for EPERM, 38 for ENOSYS
//
// Exit code 77 when the system takes no filter, 126 when the filter does not work, otherwise the command's.
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace {

bool install_filter(unsigned refusal) {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (refusal & SECCOMP_RET_DATA)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter = {sizeof program / sizeof *program, program};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

bool is_refused(int refusal) {
  open_how how = {};
  how.flags = O_PATH;
  return syscall(SYS_openat2, AT_FDCWD, ".", &how, sizeof how) == -1 && errno == refusal;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const int refusal = atoi(argv[1]);
  if (!install_filter(static_cast<unsigned>(refusal))) {
    perror("refuse_openat2: no filter");
    return 77;
  }
  if (!is_refused(refusal)) return 126;
  execvp(argv[2], argv + 2);
  perror("refuse_openat2");
  return 127;
}
