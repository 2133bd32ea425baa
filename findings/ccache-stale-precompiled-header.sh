#!/usr/bin/env bash
# A precompiled header is made anew by CMake's command, through ccache, where the one before still lies. To
# ccache two headers that differ are the same, and the second checkout gets the first one's. Beside it, the
# same with CCACHE_DEPEND, by which ccache asks the compiler and not its preprocessor what was included.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
version=$(ccache --version | sed -n '1s/ccache version //p')
finding "ccache $version with $(g++ --version | head -1)" \
  'takes a changed precompiled header for an older one that was made beside the same predecessor'
cd "$work"
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
echo '#include "value.h"' >all.hxx
echo >all.hxx.cxx
printf '#include <cstdio>\nint main() { std::printf("%%d", kValue); }\n' >use.cc
# makes VALUE: the precompiled header anew, as CMake does, and what a program sees in it.
makes() {
  echo "const int kValue = $1;" >value.h
  ccache g++ -x c++-header -include "$work/all.hxx" -MD -MT all.hxx.gch -MF all.d -o all.hxx.gch -c all.hxx.cxx
  g++ -include "$work/all.hxx" use.cc -o use
  ./use
}
# two: one checkout goes from 0 to 1, another from the same 0 to 2.
two() {
  rm -rf all.hxx.gch "$CCACHE_DIR"
  makes 0 >/dev/null
  cp -p all.hxx.gch before.gch
  printf '%s ' "$(makes 1)"
  cp -p before.gch all.hxx.gch
  makes 2
}
seen=$(CCACHE_DIR=$work/plain two)
holds "of 1 and 2 a program sees: $seen; with CCACHE_DEPEND: $(CCACHE_DIR=$work/depend CCACHE_DEPEND=1 two)" \
  '^of 1 and 2 a program sees: 1 1; with CCACHE_DEPEND: 1 2$'
