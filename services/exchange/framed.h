// Bytes that a digest, a signature or an encryption binds, so that they can mean one thing only.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace exitbus::exchange {

// The domain, a constant of each use, and the parts, each with its length before it: no two uses,
// and no two lists of parts, give the same bytes.
std::string Framed(std::string_view domain, std::initializer_list<std::string_view> parts);
void AppendFramed(std::string& framed, std::string_view part);

}  // namespace exitbus::exchange
