#include "services/exchange/paging.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "services/exchange/answers.h"
#include "services/exchange/decision.h"
#include "services/exchange/framed.h"
#include "services/exchange/use_keys.h"

namespace exitbus::exchange {
namespace {

constexpr std::uint32_t kPageDefault = 50;
constexpr std::uint32_t kPageMax = 200;

// What a token is good for: this question by a caller in this function, and no other. Whatever the
// request asks for beside its place is part of the question.
std::string Header(const Call& call) {
  const std::unique_ptr<Message> question(call.request->New());
  question->CopyFrom(*call.request);
  for (const char* place : {"page_size", "page_token"}) {
    const auto* field = question->GetDescriptor()->FindFieldByName(place);
    if (field != nullptr) question->GetReflection()->ClearField(question.get(), field);
  }
  return Framed("exitbus.page-token.v1",
                {call.method, call.caller.function, question->SerializeAsString()});
}

}  // namespace

std::optional<Page> PageOf(const Environment& environment, const Call& call) {
  const std::uint32_t asked = NumberField(*call.request, "page_size");
  Page page;
  page.size = asked == 0 ? kPageDefault : std::min(asked, kPageMax);
  const std::string token = StringField(*call.request, "page_token");
  if (token.empty()) return page;
  auto after = OpenToken(environment, KeyUse::kPageTokens, Header(call), token);
  if (!after) return std::nullopt;
  page.after = *std::move(after);
  return page;
}

Refusal BadPageToken() {
  return BadInput("request.bad_page_token",
                  "Use the next_page_token of the same request by the same function, or none to "
                  "begin.");
}

std::string TokenAfter(const Environment& environment, const Call& call, const std::string& last) {
  return SealToken(environment, KeyUse::kPageTokens, Header(call), last);
}

}  // namespace exitbus::exchange
