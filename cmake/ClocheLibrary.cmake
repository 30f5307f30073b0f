# The library as its users see it: one archive, libcloche.a, of every room that the public API stands on; in this build
# as cloche::cloche, and installed for find_package(cloche) and pkg-config beside the public headers and the command.

# Rooms that ROOM is made of, itself included.
function(cloche_rooms_beneath room result)
  set(reached)
  set(todo ${room})
  while(todo)
    list(POP_FRONT todo one)
    if(NOT one IN_LIST reached)
      list(APPEND reached ${one})
      get_property(uses GLOBAL PROPERTY CLOCHE_USES_${one})
      list(APPEND todo ${uses})
    endif()
  endwhile()
  set(${result} ${reached} PARENT_SCOPE)
endfunction()

if(TARGET cloche_api)
  get_target_property(api_type cloche_api TYPE)
endif()
if(NOT api_type STREQUAL "STATIC_LIBRARY")
  message(STATUS "The room api has no sources: there is no library for others")
  return()
endif()

set(objects)
cloche_rooms_beneath(api rooms)
foreach(room IN LISTS rooms)
  get_target_property(type cloche_${room} TYPE)
  if(type STREQUAL "STATIC_LIBRARY")
    list(APPEND objects $<TARGET_OBJECTS:cloche_${room}>)
  endif()
endforeach()

find_package(Threads REQUIRED)
add_library(cloche STATIC ${objects})
add_library(cloche::cloche ALIAS cloche)
target_compile_features(cloche PUBLIC cxx_std_20)
target_link_libraries(cloche PUBLIC Threads::Threads)
target_include_directories(cloche PUBLIC "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>")
set_target_properties(cloche PROPERTIES LINKER_LANGUAGE CXX)

if(NOT CLOCHE_INSTALL OR CLOCHE_INSTRUMENTED)
  return()
endif()
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/cloche")
install(TARGETS cloche EXPORT cloche ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING PATTERN "*.hpp" PATTERN "*.h")
install(EXPORT cloche NAMESPACE cloche:: FILE cloche-targets.cmake DESTINATION "${package_dir}")
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/cloche-config.cmake.in" "${PROJECT_BINARY_DIR}/cloche-config.cmake"
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/cloche-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/cloche-config.cmake" "${PROJECT_BINARY_DIR}/cloche-config-version.cmake"
  DESTINATION "${package_dir}")

# pkg-config: paths relative to the file, so that an installed copy can be moved.
set(pkgconfig_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH prefix_from_pkgconfig "/${pkgconfig_dir}" "/")
string(REGEX REPLACE "/$" "" prefix_from_pkgconfig "${prefix_from_pkgconfig}")
configure_file("${CMAKE_CURRENT_LIST_DIR}/cloche.pc.in" "${PROJECT_BINARY_DIR}/cloche.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/cloche.pc" DESTINATION "${pkgconfig_dir}")

if(TARGET cloche_cli)
  install(TARGETS cloche_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
