// A line on the terminal that says how far a long piece of work is. It appears half a second after the start,
// only where stderr is a terminal, and is gone at the end.
#pragma once

#include <cstdint>
#include <string_view>

namespace cloche::cli {

class Progress {
 public:
  /// `what` is being done to `total` bytes. With `also_shown` the work writes to that descriptor; where it is
  /// a terminal too, there is no line between the output's.
  Progress(std::string_view what, uint64_t total, int also_shown = -1);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Cheap enough to be called every few kilobytes.
  void at(uint64_t done);

 private:
  std::string_view what_;
  uint64_t total_;
  uint64_t begun_ns_;
  uint64_t last_ns_ = 0;
  bool possible_;
  bool shown_ = false;
};

}  // namespace cloche::cli
