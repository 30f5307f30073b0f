// Runs a command once or often and prints what it used, one line for each run:
//
//     launch RUNS COMMAND [ARGS...]      ->  user_us system_us max_rss_kib exit_code
//
// The command's own output goes to the launcher's standard error; its standard input is the launcher's. It exists because a child's maximum resident size
// includes that of the process it was forked from, until exec replaces it: Python's 10 MB would hide an engine's 2.
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static long long microseconds(struct timeval t) { return (long long)t.tv_sec * 1000000 + t.tv_usec; }

static int run_once(char **command, posix_spawn_file_actions_t *actions) {
  pid_t child;
  int status;
  struct rusage used;
  int error = posix_spawnp(&child, command[0], actions, NULL, command, environ);
  if (error != 0) return 127;
  if (wait4(child, &status, 0, &used) != child) return 126;
  int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  printf("%lld %lld %ld %d\n", microseconds(used.ru_utime), microseconds(used.ru_stime), used.ru_maxrss, code);
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  for (long runs = atol(argv[1]); runs > 0; runs--) {
    int failed = run_once(argv + 2, &actions);
    if (failed) return failed;
  }
  return 0;
}
