// Resolving a path a directory at a time, for kernels and filters that refuse openat2.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vector>

#include "platform/path_text.hpp"
#include "platform/resolve.hpp"

namespace cloche::platform {
namespace {

constexpr int link_limit = 40;  // as many as Linux follows

/// Opens a directory by a single name, never through a link. EINTR and the like aside, fails as openat does.
Descriptor open_directory(int parent, const char* name) {
  return Descriptor(
      uninterrupted([&] { return openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC); }));
}

/// The directories between the base and where we are, so that `..` is where we came from: a directory that
/// somebody moves meanwhile cannot lead us out. Only the last ones are kept open; others are found again by
/// their names.
class Trail {
 public:
  explicit Trail(int base) : base_(base) {}

  int here() const { return steps_.empty() ? base_ : steps_.back().directory.get(); }
  bool at_base() const { return steps_.empty(); }

  SystemResult<void> enter(const std::string& name) {
    Descriptor directory = open_directory(here(), name.c_str());
    if (!directory) return failed_with_errno();
    push(name, std::move(directory));
    return {};
  }

  SystemResult<void> leave() {
    steps_.pop_back();
    if (at_base() || steps_.back().directory) return {};
    return reopen();
  }

 private:
  struct Step {
    std::string name;
    Descriptor directory;
  };
  static constexpr size_t kept_open = 32;

  void push(const std::string& name, Descriptor directory) {
    steps_.push_back({name, std::move(directory)});
    if (steps_.size() > kept_open) steps_[steps_.size() - kept_open - 1].directory.reset();
  }

  /// Walks to the last step again. Each name was a directory and no link, or this fails.
  SystemResult<void> reopen() {
    const std::vector<Step> names = std::exchange(steps_, {});
    for (const Step& step : names) TRY(enter(step.name));
    return {};
  }

  int base_;
  std::vector<Step> steps_;
};

class Walk {
 public:
  Walk(int base, int flags, mode_t mode) : trail_(base), flags_(flags), mode_(mode) {}

  SystemResult<Descriptor> open(std::string_view path) {
    add(path);
    for (;;) {
      const std::string name = std::move(to_go_.back());
      to_go_.pop_back();
      if (name == "..") {
        if (trail_.at_base()) return base::Unexpected{Errno::outside()};
        TRY(trail_.leave());
      }
      const bool itself = name == "." || name == "..";
      if (to_go_.empty()) {
        Descriptor opened = TRY(finish(itself ? "." : name.c_str()));
        if (opened) return opened;
      } else if (!itself) {
        TRY(step(name));
      }
    }
  }

 private:
  /// Puts a path's names before those still to go. One that ends in a slash is a directory, as if it ended in
  /// `/.`.
  void add(std::string_view path) {
    if (path.ends_with('/')) to_go_.push_back(".");
    while (!path.empty()) {
      const size_t cut = path.rfind('/');
      const std::string_view name = path.substr(cut == std::string_view::npos ? 0 : cut + 1);
      if (!name.empty()) to_go_.emplace_back(name);
      path = path.substr(0, cut == std::string_view::npos ? 0 : cut);
    }
  }

  /// A name with others after it: a directory, or a link that takes its place.
  SystemResult<void> step(const std::string& name) {
    const auto entered = trail_.enter(name);
    if (entered) return {};
    const Errno error = entered.error();
    if (error.number != ENOTDIR && error.number != ELOOP) return base::Unexpected{error};
    return expand(name.c_str(), ENOTDIR);
  }

  /// The last name. No descriptor when it was a link to follow, whose names are now to go.
  SystemResult<Descriptor> finish(const char* name) {
    const bool follow = (flags_ & O_NOFOLLOW) == 0;
    Descriptor opened(
        uninterrupted([&] { return openat(trail_.here(), name, flags_ | O_NOFOLLOW | O_CLOEXEC, mode_); }));
    const int error = errno;
    if (opened && !(follow && is_link(opened.get()))) return opened;
    if (!opened && (!follow || (error != ELOOP && error != ENOTDIR))) return failed(error);
    TRY(expand(name, error));
    return Descriptor();
  }

  /// Only with O_PATH can a link itself have been opened.
  bool is_link(int fd) const {
    struct stat status = {};
    return (flags_ & O_PATH) != 0 && fstat(fd, &status) == 0 && S_ISLNK(status.st_mode);
  }

  /// Replaces a link by what it says. When the name is no link: `otherwise`.
  SystemResult<void> expand(const char* name, int otherwise) {
    char target[path_max_bytes];
    const ssize_t size = readlinkat(trail_.here(), name, target, sizeof target);
    if (size < 0) return failed(errno == EINVAL ? otherwise : errno);
    if (++links_ > link_limit) return failed(ELOOP);
    add(TRY(checked_path({target, static_cast<size_t>(size)})));
    return {};
  }

  Trail trail_;
  int flags_;
  mode_t mode_;
  int links_ = 0;
  std::vector<std::string> to_go_;  // the next one last
};

}  // namespace

SystemResult<Descriptor> open_step_by_step(int directory, const std::string& path, int flags, mode_t mode) {
  return Walk(directory, flags, mode).open(path);
}

}  // namespace cloche::platform
