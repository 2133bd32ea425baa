// The one content coding beside none. Internal to this folder.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace exitbus::adapters {

// Whether a client that sent this "accept-encoding" takes it.
bool TakesGzip(const std::string& accept_encoding);

std::string Gzipped(const std::string& bytes);

// Nullopt: it is no gzip, or more than `bytes_max`.
std::optional<std::string> Gunzipped(const std::string& bytes, std::size_t bytes_max);

}  // namespace exitbus::adapters
