#include "tests/story/documents.h"

#include "services/exchange/ports/status_macros.h"
#include "tests/story/checks.h"
#include "tests/story/document_calls.h"

namespace exitbus::story {
namespace {

constexpr char kPlan[] = "Handleplan for tiden efter løsladelsen (opdigtet)";

}  // namespace

absl::Status KeepPlan(Actor& holder, const std::string& case_id, Narrator& say) {
  ASSIGN_OR_RETURN(const auto kept, StoreDocument(holder, case_id, "Handleplan", kPlan));
  say.Did(Nick(&holder), "keeps a plan in writing with the case, sealed under its key",
          holder.took());
  return Check(kept.stage() == cv1::DOCUMENT_STAGE_COMPLETE, "the document is whole", kept);
}

absl::Status PlanCame(Actor& former, Actor& holder, const std::string& case_id, Narrator& say) {
  ASSIGN_OR_RETURN(const auto came, AwaitDocuments(holder, case_id, holder.sent()));
  say.Hop(Nick(&former), Nick(&holder), "DocumentSlice, once it has taken over", came.took);
  const cv1::Document& plan = came.view.documents(0);
  ASSIGN_OR_RETURN(const auto read, ReadDocument(holder, case_id, plan.document_id()));
  return Check(read.content() == kPlan, "it is read as it was written", read);
}

}  // namespace exitbus::story
