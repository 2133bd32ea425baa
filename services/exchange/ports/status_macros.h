// Passing errors on.
#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// RETURN_IF_ERROR(F()): its error is returned.
#define RETURN_IF_ERROR(...) \
  if (absl::Status not_ok = (__VA_ARGS__); !not_ok.ok()) return not_ok

#define EXITBUS_CONCATENATE_INNER(a, b) a##b
#define EXITBUS_CONCATENATE(a, b) EXITBUS_CONCATENATE_INNER(a, b)

// ASSIGN_OR_RETURN(const auto x, F()): x is F()'s value, or its error is returned.
#define ASSIGN_OR_RETURN(variable, ...) \
  EXITBUS_ASSIGN_OR_RETURN(EXITBUS_CONCATENATE(result_, __LINE__), variable, __VA_ARGS__)
// NOLINTBEGIN(bugprone-macro-parentheses): both are declared here
#define EXITBUS_ASSIGN_OR_RETURN(result, variable, ...) \
  auto result = (__VA_ARGS__);                          \
  if (!result.ok()) return std::move(result).status();  \
  variable = *std::move(result)
// NOLINTEND(bugprone-macro-parentheses)
