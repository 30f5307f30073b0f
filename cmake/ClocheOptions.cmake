# Options every target shares. Nothing here is exported to users of the library.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

option(CLOCHE_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(CLOCHE_WERROR "Treat warnings as errors" ${PROJECT_IS_TOP_LEVEL})
set(CLOCHE_SHARED_DIR "${CMAKE_CURRENT_SOURCE_DIR}/../shared" CACHE PATH
    "Folder with the specification's tests and other shared test data; tests that need it skip with a message where it is absent")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()

add_library(cloche_flags INTERFACE)
target_compile_options(cloche_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Wundef
  $<$<BOOL:${CLOCHE_WERROR}>:-Werror>
  # WebAssembly's floating point is exact: no fused multiply-add; and no errno, so that a square root is inline.
  -ffp-contract=off -fno-math-errno)
target_include_directories(cloche_flags INTERFACE
  "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/include")

# The core reports errors by value, so that it embeds anywhere.
add_library(cloche_core_flags INTERFACE)
target_link_libraries(cloche_core_flags INTERFACE cloche_flags)
target_compile_options(cloche_core_flags INTERFACE -fno-exceptions -fno-rtti)
