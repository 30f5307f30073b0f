# cloche_room(NAME [USES room...] [LINKS target...]): one room of ARCHITECTURE.md as one static library target
# cloche_NAME, built from every .cpp beneath its folder. USES is the list that tests/rooms checks includes against.
function(cloche_room name)
  cmake_parse_arguments(ROOM "" "" "USES;LINKS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(cloche_${name} STATIC ${sources})
    target_link_libraries(cloche_${name} PRIVATE cloche_core_flags)
    set(scope PUBLIC)
  else()
    add_library(cloche_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  set_property(GLOBAL PROPERTY CLOCHE_USES_${name} ${ROOM_USES})
  foreach(used IN LISTS ROOM_USES)
    target_link_libraries(cloche_${name} ${scope} cloche_${used})
  endforeach()
  target_link_libraries(cloche_${name} ${scope} ${ROOM_LINKS})
endfunction()

# cloche_command(NAME [USES room...] [LINKS target...]): a room at the top of the house whose sources become the command
# NAME in bin/, as target cloche_ROOM. Until it has a main.cpp there is no such target. Commands may use exceptions:
# libraries for command lines do; the rooms below must not.
function(cloche_command name)
  cmake_parse_arguments(COMMAND "" "" "USES;LINKS" ${ARGN})
  get_filename_component(room "${CMAKE_CURRENT_SOURCE_DIR}" NAME)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  if(NOT sources MATCHES "/main\\.cpp")
    message(STATUS "${room}: no main.cpp yet, the command ${name} is not built")
    return()
  endif()
  add_executable(cloche_${room} ${sources})
  list(TRANSFORM COMMAND_USES PREPEND cloche_)
  target_link_libraries(cloche_${room} PRIVATE cloche_flags ${COMMAND_USES} ${COMMAND_LINKS})
  target_compile_definitions(cloche_${room} PRIVATE "CLOCHE_VERSION=\"${PROJECT_VERSION}\"")
  set_target_properties(cloche_${room} PROPERTIES OUTPUT_NAME ${name}
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
endfunction()
