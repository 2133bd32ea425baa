#!/usr/bin/env bash
# C++: a proto3 string that is no UTF-8 is serialised (with a log line), and refused by the parser. What a
# program has written it may thus be unable to read.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
finding "libprotobuf $(dpkg-query -W -f '${Version}' libprotobuf-dev) of Debian" \
  'serialises a proto3 string with bytes that are no UTF-8, and refuses to parse it'
cat >"$work/main.cc" <<'END'
#include <google/protobuf/wrappers.pb.h>

#include <iostream>

int main() {
  google::protobuf::StringValue written, read;
  written.set_value("S\xf8rensen");  // Latin-1
  std::string bytes;
  const bool wrote = written.SerializeToString(&bytes);
  std::cout << "written: " << wrote << ", read: " << read.ParseFromString(bytes) << std::endl;
}
END
quietly g++ -std=c++17 -o "$work/main" "$work/main.cc" $(pkg-config --cflags --libs protobuf)
holds "$("$work/main" 2>/dev/null)" '^written: 1, read: 0$'
