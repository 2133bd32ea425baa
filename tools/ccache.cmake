# Compiles through ccache where it is installed. Included by the presets before the first project(),
# so that a plain `cmake --preset release` gets it too. The settings travel in the launcher itself:
# precompiled headers are cached only with them, and checkouts side by side share what is the same.
# What was included the compiler says (CCACHE_DEPEND): its preprocessor would read the precompiled
# header of before in place of what a new one is made of.
find_program(EXITBUS_CCACHE ccache)
if(EXITBUS_CCACHE AND (NOT CMAKE_CXX_COMPILER_LAUNCHER OR CMAKE_CXX_COMPILER_LAUNCHER MATCHES "^env;CCACHE_"))
  set(CMAKE_CXX_COMPILER_LAUNCHER
      env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
      CCACHE_NOHASHDIR=1
      CCACHE_DEPEND=1
      ${EXITBUS_CCACHE}
      CACHE STRING "Runs the compiler through ccache" FORCE)
endif()
