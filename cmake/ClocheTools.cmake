# The names of wabt's tools as links to the command `cloche`, in the build's bin/ and where it is installed. The names are
# the rows of src/cli/wabt/tools.def.
set(tools_def "${PROJECT_SOURCE_DIR}/src/cli/wabt/tools.def")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${tools_def}")
file(STRINGS "${tools_def}" rows REGEX "^TOOL\\(")
set(links)
foreach(row IN LISTS rows)
  string(REGEX REPLACE "^TOOL\\(\"([^\"]+)\".*" "\\1" name "${row}")
  list(APPEND links "${name}")
endforeach()

foreach(name IN LISTS links)
  add_custom_command(TARGET cloche_cli POST_BUILD VERBATIM
    COMMAND "${CMAKE_COMMAND}" -E create_symlink cloche "$<TARGET_FILE_DIR:cloche_cli>/${name}")
  if(CLOCHE_INSTALL AND NOT CLOCHE_INSTRUMENTED)
    include(GNUInstallDirs)
    install(CODE "
      set(bin \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
      file(MAKE_DIRECTORY \"\${bin}\")
      file(CREATE_LINK cloche \"\${bin}/${name}\" SYMBOLIC)")
  endif()
endforeach()
