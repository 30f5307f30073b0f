// Every call of WASI that takes a path, each as a function of one path, with all its ways to be made.
#pragma once

#include <string_view>

#include "world.hpp"

namespace cloche::sandbox {

/// What a call does with the last name of its path.
enum class Last : uint8_t {
  follows,  ///< goes through a link
  itself,   ///< takes the link for what it is
  makes,    ///< wants the name for something new
};

struct PathCall {
  const char* name;
  Last last;
  uint32_t (*make)(Guest& guest, std::string_view path);
};

/// Each takes the path in the directory World::in; sources and targets besides are in/dir and in/file.
inline constexpr PathCall path_calls[] = {
    {"open, followed", Last::follows,
     [](Guest& guest, std::string_view path) { return guest.try_open(World::in, path, {.lookup = follow}); }},
    {"open, followed, directory", Last::follows,
     [](Guest& guest, std::string_view path) {
       return guest.try_open(World::in, path,
                             {.lookup = follow, .oflags = directory, .rights = right::fd_readdir});
     }},
    {"open, followed, create", Last::follows,
     [](Guest& guest, std::string_view path) {
       return guest.try_open(World::in, path, {.lookup = follow, .oflags = creat, .rights = right::fd_write});
     }},
    {"open, followed, truncate", Last::follows,
     [](Guest& guest, std::string_view path) {
       return guest.try_open(World::in, path, {.lookup = follow, .oflags = trunc, .rights = right::fd_write});
     }},
    {"stat, followed", Last::follows,
     [](Guest& guest, std::string_view path) { return guest.stat(World::in, path, follow); }},
    {"set times, followed", Last::follows,
     [](Guest& guest, std::string_view path) { return guest.touch(World::in, path, follow); }},
    {"open", Last::itself,
     [](Guest& guest, std::string_view path) { return guest.try_open(World::in, path); }},
    {"open, directory", Last::itself,
     [](Guest& guest, std::string_view path) {
       return guest.try_open(World::in, path, {.oflags = directory, .rights = right::fd_readdir});
     }},
    {"open, create", Last::itself,
     [](Guest& guest, std::string_view path) {
       return guest.try_open(World::in, path, {.oflags = creat, .rights = right::fd_write});
     }},
    {"open, truncate", Last::itself,
     [](Guest& guest, std::string_view path) {
       return guest.try_open(World::in, path, {.oflags = trunc, .rights = right::fd_write});
     }},
    {"stat", Last::itself, [](Guest& guest, std::string_view path) { return guest.stat(World::in, path); }},
    {"set times", Last::itself,
     [](Guest& guest, std::string_view path) { return guest.touch(World::in, path); }},
    {"read link", Last::itself,
     [](Guest& guest, std::string_view path) { return guest.readlink(World::in, path); }},
    {"link from", Last::itself,
     [](Guest& guest, std::string_view path) { return guest.link(World::in, 0, path, World::in, "linked"); }},
    {"rename from", Last::itself,
     [](Guest& guest, std::string_view path) { return guest.rename(World::in, path, World::in, "renamed"); }},
    {"unlink", Last::itself,
     [](Guest& guest, std::string_view path) { return guest.on_path("path_unlink_file", World::in, path); }},
    {"remove directory", Last::itself,
     [](Guest& guest, std::string_view path) {
       return guest.on_path("path_remove_directory", World::in, path);
     }},
    {"open, create, exclusive", Last::makes,
     [](Guest& guest, std::string_view path) {
       return guest.try_open(World::in, path, {.oflags = creat | excl, .rights = right::fd_write});
     }},
    {"open, followed, create, exclusive", Last::makes,
     [](Guest& guest, std::string_view path) {
       return guest.try_open(World::in, path,
                             {.lookup = follow, .oflags = creat | excl, .rights = right::fd_write});
     }},
    {"make directory", Last::makes,
     [](Guest& guest, std::string_view path) {
       return guest.on_path("path_create_directory", World::in, path);
     }},
    {"make link", Last::makes,
     [](Guest& guest, std::string_view path) { return guest.symlink("file", World::in, path); }},
    {"link to", Last::makes,
     [](Guest& guest, std::string_view path) { return guest.link(World::in, 0, "file", World::in, path); }},
    {"rename to", Last::makes,
     [](Guest& guest, std::string_view path) { return guest.rename(World::in, "file", World::in, path); }},
    {"rename directory to", Last::makes,
     [](Guest& guest, std::string_view path) { return guest.rename(World::in, "dir", World::in, path); }},
};

}  // namespace cloche::sandbox
