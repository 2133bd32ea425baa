// How casework's methods are registered: what an employee asks for, the rules it needs, in the
// order a caseworker should hear of them, and what is decided if none is broken. Internal to
// casework.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/casework/handover/rules.h"
#include "services/casework/parts.h"
#include "services/casework/rules.h"
#include "services/casework/views.h"
#include "services/exchange/keys.h"

namespace exitbus::casework {

// The target of a request that names a case, or a handover.
template <class Request>
std::string ByCase(const Request& request) {
  return exchange::KindName{"case", request.case_id()}.Encode();
}
template <class Request>
std::string ByHandover(const Request& request) {
  return exchange::KindName{"handover", request.handover_id()}.Encode();
}

template <class Request>
std::unique_ptr<google::protobuf::Message> HandoverOf(const jv1::CaseFile& file,
                                                      const Request& request) {
  return HandoverView(file, request.handover_id());
}

template <class Request>
CasePart::Of<Request> OnCase(std::vector<const Rule*> rules,
                             exchange::Decision (*decide)(const jv1::CaseFile&, const Request&,
                                                          const exchange::DecisionContext&),
                             exchange::Needs needs = exchange::Needs::kTopicsRead) {
  return {.target = &ByCase,
          .decide =
              [rules = std::move(rules), decide](const jv1::CaseFile& file, const Request& request,
                                                 const exchange::DecisionContext& context) {
                auto broken = FirstBroken(rules, {file, nullptr, context});
                return broken ? exchange::Decision::Refuse(*std::move(broken))
                              : decide(file, request, context);
              },
          .view = &CaseView,
          .needs = needs};
}

template <class Request>
CasePart::Of<Request> OnHandover(std::vector<const Rule*> rules,
                                 exchange::Decision (*decide)(const jv1::CaseFile&,
                                                              const jv1::Handover&, const Request&,
                                                              const exchange::DecisionContext&),
                                 exchange::Needs needs = exchange::Needs::kTopicsRead) {
  return {.target = &ByHandover,
          .decide =
              [rules = std::move(rules), decide](const jv1::CaseFile& file, const Request& request,
                                                 const exchange::DecisionContext& context) {
                const jv1::Handover& handover = *FindHandover(file, request.handover_id());
                auto broken = FirstBroken(rules, {file, &handover, context});
                return broken ? exchange::Decision::Refuse(*std::move(broken))
                              : decide(file, handover, request, context);
              },
          .view = &HandoverOf<Request>,
          .needs = needs};
}

}  // namespace exitbus::casework
