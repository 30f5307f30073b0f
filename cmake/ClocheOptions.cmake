# Options every target shares. Nothing here is exported to users of the library.
include(CheckLinkerFlag)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)  # the archive may become part of somebody's shared library
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g")  # for checking: assertions stay
endif()

option(CLOCHE_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(CLOCHE_WERROR "Treat warnings as errors" ${PROJECT_IS_TOP_LEVEL})
option(CLOCHE_INSTALL "Add install rules" ${PROJECT_IS_TOP_LEVEL})
option(CLOCHE_HEADER_CHECK "With the tests, compile every header alone" ON)
option(CLOCHE_PORTABLE_DISPATCH "Interpreter: a loop instead of tail calls, also where the compiler has them" OFF)
option(CLOCHE_PROBES "Interpreter: code can be attached to instructions; OFF is there to measure what that costs" ON)
option(CLOCHE_FUZZ "Build the fuzz targets (clang; see the preset fuzz)" OFF)
option(CLOCHE_COVERAGE "Instrument for clang's source-based coverage" OFF)
set(CLOCHE_SANITIZE "" CACHE STRING "Sanitizers as a list, e.g. address;undefined")
set(CLOCHE_SHARED_DIR "${CMAKE_CURRENT_SOURCE_DIR}/../shared" CACHE PATH
    "Folder with the specification's tests and other shared test data; tests that need it skip with a message where it is absent")

option(CLOCHE_STATIC_COMMAND "Link the command statically where possible: it starts in half the time" ON)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()

if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  check_linker_flag(CXX "-fuse-ld=lld" CLOCHE_HAVE_LLD)
  if(CLOCHE_HAVE_LLD)
    add_link_options(-fuse-ld=lld)
  endif()
endif()

# Instrumentation goes into everything, the tests included.
if(CLOCHE_SANITIZE)
  list(JOIN CLOCHE_SANITIZE "," sanitizers)
  # vptr needs RTTI, which the core does without.
  set(sanitizer_flags -fsanitize=${sanitizers} -fno-sanitize=vptr -fno-sanitize-recover=all)
  add_compile_options(${sanitizer_flags} -fno-omit-frame-pointer -g)
  add_link_options(${sanitizer_flags})
  if("address" IN_LIST CLOCHE_SANITIZE AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # Dynamic allocas do not go together with preserve_none, the interpreter's calling convention.
    add_compile_options("SHELL:-mllvm -asan-stack-dynamic-alloca=0")
  endif()
endif()
if(CLOCHE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(CLOCHE_COVERAGE)
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()
if(CLOCHE_SANITIZE OR CLOCHE_FUZZ OR CLOCHE_COVERAGE)
  set(CLOCHE_INSTRUMENTED ON)  # not for installing, nor for measuring time or memory
else()
  set(CLOCHE_INSTRUMENTED OFF)
endif()

# Without a loader, and without relocations in the interpreter's tables, starting costs what an empty program costs.
if(CLOCHE_STATIC_COMMAND AND NOT CLOCHE_INSTRUMENTED)
  include(CheckCXXSourceCompiles)
  set(CMAKE_REQUIRED_LINK_OPTIONS -static)
  check_cxx_source_compiles("#include <iostream>\nint main() { std::cout << 1; }" CLOCHE_CAN_LINK_STATICALLY)
  unset(CMAKE_REQUIRED_LINK_OPTIONS)
endif()

add_library(cloche_flags INTERFACE)
target_compile_options(cloche_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Wundef
  $<$<BOOL:${CLOCHE_WERROR}>:-Werror>
  # WebAssembly's floating point is exact: no fused multiply-add; and no errno, so that a square root is inline.
  -ffp-contract=off -fno-math-errno
  # GCC warns that 32-byte vectors are passed otherwise with AVX; they only pass between inline functions here.
  -Wno-psabi)
target_compile_definitions(cloche_flags INTERFACE
  "$<$<BOOL:${CLOCHE_PORTABLE_DISPATCH}>:CLOCHE_PORTABLE_DISPATCH=1>"
  "$<$<NOT:$<BOOL:${CLOCHE_PROBES}>>:CLOCHE_NO_PROBES=1>")
target_include_directories(cloche_flags INTERFACE
  "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/include")

# The core reports errors by value, so that it embeds anywhere.
add_library(cloche_core_flags INTERFACE)
target_link_libraries(cloche_core_flags INTERFACE cloche_flags)
target_compile_options(cloche_core_flags INTERFACE -fno-exceptions -fno-rtti)
