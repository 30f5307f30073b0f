#include "platform/checkpoint.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <new>

namespace cloche::platform {
namespace {

/// Messages are text for people and short orders: nothing larger makes sense.
constexpr uint32_t largest_message = 64u << 20;

bool send_all(int end, const void* data, size_t size) {
  const char* at = static_cast<const char*>(data);
  while (size != 0) {
    const ssize_t sent = send(end, at, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    at += sent;
    size -= static_cast<size_t>(sent);
  }
  return true;
}

bool receive_all(int end, void* data, size_t size) {
  char* at = static_cast<char*>(data);
  while (size != 0) {
    const ssize_t got = recv(end, at, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

/// The header of a message: its size, and perhaps a descriptor beside it.
struct Header {
  uint32_t size = 0;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  iovec piece{&size, sizeof size};
  msghdr message{};

  Header() {
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
  }
};

bool send_header(int end, uint32_t size, int passed) {
  Header header;
  header.size = size;
  if (passed < 0) {
    header.message.msg_controllen = 0;
  } else {
    cmsghdr* const extra = CMSG_FIRSTHDR(&header.message);
    extra->cmsg_level = SOL_SOCKET;
    extra->cmsg_type = SCM_RIGHTS;
    extra->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(extra), &passed, sizeof passed);
  }
  ssize_t sent = 0;
  do sent = sendmsg(end, &header.message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(sizeof header.size);
}

/// The size of the next message; a descriptor that comes with it goes to `passed`, or -1.
std::optional<uint32_t> receive_header(int end, int& passed) {
  Header header;
  passed = -1;
  ssize_t got = 0;
  do got = recvmsg(end, &header.message, MSG_CMSG_CLOEXEC | MSG_WAITALL);
  while (got < 0 && errno == EINTR);
  const cmsghdr* const extra = CMSG_FIRSTHDR(&header.message);
  if (got > 0 && extra != nullptr && extra->cmsg_type == SCM_RIGHTS)
    memcpy(&passed, CMSG_DATA(extra), sizeof passed);
  if (got != static_cast<ssize_t>(sizeof header.size)) return std::nullopt;
  return header.size;
}

}  // namespace

bool Channel::send(std::string_view message) const {
  return message.size() <= largest_message &&
         send_header(end_.get(), static_cast<uint32_t>(message.size()), -1) &&
         send_all(end_.get(), message.data(), message.size());
}

bool Channel::send_with(std::string_view message, const Channel& passed) const {
  return message.size() <= largest_message &&
         send_header(end_.get(), static_cast<uint32_t>(message.size()), passed.descriptor()) &&
         send_all(end_.get(), message.data(), message.size());
}

bool Channel::is_hung_up() const {
  pollfd item = {end_.get(), 0, 0};
  return poll(&item, 1, 0) == 1 && (item.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

std::optional<std::string> Channel::receive(Channel* passed) const {
  int descriptor = -1;
  const auto size = receive_header(end_.get(), descriptor);
  Descriptor received(descriptor);
  if (!size || *size > largest_message) return std::nullopt;
  std::string message(*size, '\0');
  if (!receive_all(end_.get(), message.data(), message.size())) return std::nullopt;
  if (passed != nullptr && received.get() >= 0) *passed = Channel(std::move(received));
  return message;
}

std::optional<std::pair<Channel, Channel>> make_channel() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return std::nullopt;
  return std::pair(Channel(Descriptor(ends[0])), Channel(Descriptor(ends[1])));
}

std::optional<SharedBytes> SharedBytes::create() {
  Descriptor file(memfd_create("cloche", MFD_CLOEXEC));
  if (file.get() < 0) return std::nullopt;
  return SharedBytes(std::move(file));
}

uint64_t SharedBytes::size() const {
  struct stat status = {};
  return fstat(file_.get(), &status) == 0 ? static_cast<uint64_t>(status.st_size) : 0;
}

bool SharedBytes::append(std::span<const uint8_t> bytes) const {
  uint64_t at = size();
  while (!bytes.empty()) {
    const ssize_t written = pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    at += static_cast<uint64_t>(written);
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return true;
}

bool SharedBytes::read(uint64_t offset, std::span<uint8_t> bytes) const {
  while (!bytes.empty()) {
    const ssize_t got = pread(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    offset += static_cast<uint64_t>(got);
    bytes = bytes.subspan(static_cast<size_t>(got));
  }
  return true;
}

void SharedBytes::drop_before(uint64_t offset) const {
  if (offset != 0)
    fallocate(file_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(offset));
}

uint64_t SharedBytes::used_bytes() const {
  struct stat status = {};
  return fstat(file_.get(), &status) == 0 ? static_cast<uint64_t>(status.st_blocks) * 512 : 0;
}

std::optional<SharedCounter> SharedCounter::create() {
  void* const page =
      mmap(nullptr, sizeof(std::atomic<uint32_t>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return std::nullopt;
  return SharedCounter(new (page) std::atomic<uint32_t>(0));
}

SharedCounter::~SharedCounter() {
  if (number_ != nullptr) munmap(number_, sizeof *number_);
}

Forked fork_process(int* child) {
  const pid_t forked = fork();
  if (forked < 0) return Forked::failed;
  if (child != nullptr) *child = forked;
  return forked == 0 ? Forked::child : Forked::parent;
}

void end_with_parent() { prctl(PR_SET_PDEATHSIG, SIGKILL); }

void vanish() { _exit(0); }

void expect_no_children() { signal(SIGCHLD, SIG_IGN); }

}  // namespace cloche::platform
