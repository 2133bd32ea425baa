// Passing errors on, for the story's many steps that each may fail.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define STORY_RETURN_IF_ERROR(expression)                                                  \
  do {                                                                                     \
    if (absl::Status story_status = (expression); !story_status.ok()) return story_status; \
  } while (false)

#define STORY_CONCATENATE_INNER(a, b) a##b
#define STORY_CONCATENATE(a, b) STORY_CONCATENATE_INNER(a, b)

// STORY_ASSIGN_OR_RETURN(const auto x, F()): x is F()'s value, or its error is returned.
#define STORY_ASSIGN_OR_RETURN(variable, expression) \
  STORY_ASSIGN_OR_RETURN_INNER(STORY_CONCATENATE(story_result_, __LINE__), variable, expression)
// NOLINTBEGIN(bugprone-macro-parentheses): both are declared here
#define STORY_ASSIGN_OR_RETURN_INNER(result, variable, expression) \
  auto result = (expression);                                      \
  if (!result.ok()) return result.status();                        \
  variable = *std::move(result)
// NOLINTEND(bugprone-macro-parentheses)
