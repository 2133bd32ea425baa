// What is stored with a case, read and taken out again by this authority's own people.
#include "services/casework/documents/documents.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "exitbus/casework/v1/document_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/access/units.h"
#include "services/casework/methods.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/policy/readers.h"
#include "services/policy/viewer.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;
using google::protobuf::Message;

constexpr std::size_t kSha256Bytes = 32;
constexpr absl::Duration kUploadLife = absl::Hours(24);

exchange::Visibility VisibilityHere(const jv1::CaseFile& file, const DecisionContext& context) {
  const pv1::Reader reader =
      policy::ReaderFor(context.self->kind, policy::FunctionNamed(context.caller.function));
  return VisibilityOf(file, reader, context);
}

// Whether this authority's caller reads what is of this category, as it would read a field.
bool MayRead(const jv1::CaseFile& file, pv1::Category category, const DecisionContext& context) {
  const exchange::Visibility seen = VisibilityHere(file, context);
  return policy::MaySee({seen.reader, pv1::LEVEL_FULL, seen.satisfied}, category, pv1::DETAIL_FULL);
}

// A unit reads what it is given.
bool MayRead(const jv1::CaseFile& file, const cv1::Document& document,
             const DecisionContext& context) {
  const pv1::Reader reader = VisibilityHere(file, context).reader;
  return MayRead(file, document.category(), context) &&
         (!IsUnit(reader) || IsGivenTo(document, reader, context));
}

// What a document tells; the others are of ids, counts and accounts.
bool IsOfContent(pv1::Category category) {
  switch (category) {
    case pv1::CATEGORY_UNSPECIFIED:
    case pv1::CATEGORY_CPR_NUMBER:
    case pv1::CATEGORY_NAME:
    case pv1::CATEGORY_CASE_ID:
    case pv1::CATEGORY_CASE_STATE:
    case pv1::CATEGORY_AGGREGATE:
    case pv1::CATEGORY_ENVELOPE:
    case pv1::CATEGORY_AUDIT_LOG:
    case pv1::CATEGORY_ADDRESS_DUTY:
    case pv1::CATEGORY_OWN_UNIT:
    case pv1::CATEGORY_DOCUMENT:
      return false;
    default:
      return true;
  }
}

// Some kinds are of one category, whoever files them.
bool Fits(cv1::DocumentKind kind, pv1::Category category) {
  switch (kind) {
    case cv1::DOCUMENT_KIND_AGREEMENT:
      return category == pv1::CATEGORY_AGREEMENT;
    case cv1::DOCUMENT_KIND_CONSENT_FORM:
      return category == pv1::CATEGORY_LEGAL_BASIS;
    case cv1::DOCUMENT_KIND_CLARIFICATION_FORM:
      return category == pv1::CATEGORY_CLARIFICATION_FORM;
    case cv1::DOCUMENT_KIND_RELOCATION_REQUEST:
      return category == pv1::CATEGORY_RELOCATION_DESTINATION;
    default:
      return IsOfContent(category);
  }
}

bool NamesPerson(const std::string& heading, const cv1::Person& person,
                 const exchange::Lookup& lookup) {
  if (!person.cpr_number().empty() && absl::StrContains(heading, person.cpr_number())) return true;
  const std::vector<std::string> words = lookup.NameKeys(heading);
  const std::set<std::string> said(words.begin(), words.end());
  const std::vector<std::string> names = lookup.NameKeys(person.name());
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return said.contains(name); });
}

std::optional<Decision> RefuseDocument(const jv1::CaseFile& file,
                                       const v1::BeginDocumentRequest& request,
                                       const DecisionContext& context) {
  if (request.kind() == cv1::DOCUMENT_KIND_UNSPECIFIED) {
    return Invalid("document.kind_required", "Say what kind of document it is.");
  }
  if (!Fits(request.kind(), request.category())) {
    return Invalid("document.category_unfit",
                   "A document is of one category, by which it is decided who reads it. An "
                   "agreement's core is of the agreement, a consent form of the legal basis, a "
                   "clarification form of the form, a request to move of the destination; any "
                   "other of what it tells.");
  }
  if (!MayRead(file, request.category(), context)) {
    return Invalid("document.category_not_yours",
                   "You may not read this category, so you store nothing of it: whoever may does.");
  }
  if (request.heading().empty()) {
    return Invalid("document.heading_required", "Give it a heading that names no person.");
  }
  if (NamesPerson(request.heading(), file.person(), *context.lookup)) {
    return Invalid("document.heading_names_person",
                   "The heading has the person's name or number in it. Say what it is instead.");
  }
  if (request.media_type() == cv1::MEDIA_TYPE_UNSPECIFIED) {
    return Invalid("document.media_type_required",
                   "Say what format it has: PDF, text, PNG, JPEG, ODT or DOCX.");
  }
  if (request.size() == 0 || request.size() > kDocumentBytesMax) {
    return Invalid("document.size_out_of_range",
                   "A document has 1 byte to 5 MiB. Make it smaller, or store it in several.");
  }
  if (request.sha256().size() != kSha256Bytes) {
    return Invalid("document.sha256_required", "Give the SHA-256 of all of it, 32 bytes.");
  }
  return std::nullopt;
}

const Rule kRoomForDocuments{
    "document.too_many", "A case has at most 50 documents. Remove one that it does not need.",
    [](const Situation& s) { return s.file.documents_size() < kDocumentsMax; }};

Decision Begin(const jv1::CaseFile& file, const v1::BeginDocumentRequest& request,
               const DecisionContext& context) {
  if (auto refused = RefuseDocument(file, request, context)) return *std::move(refused);
  jv1::CaseEvent event;
  cv1::Document& document = *event.mutable_document_begun()->mutable_document();
  document.set_document_id(context.lookup->FreshId());
  document.set_kind(request.kind());
  document.set_category(request.category());
  document.set_heading(request.heading());
  document.set_media_type(request.media_type());
  document.set_size(request.size());
  document.set_sha256(request.sha256());
  document.set_stage(cv1::DOCUMENT_STAGE_UPLOADING);
  document.set_slices(SlicesOf(request.size()));
  document.set_stored_by(context.self->id);
  *document.mutable_begun() = exchange::ToProto(context.now);
  return Decision().AddEvent(event);
}

Decision StoreSlice(const jv1::CaseFile& file, const v1::StoreDocumentSliceRequest& request,
                    const DecisionContext& context) {
  const cv1::Document* const found = FindDocument(file, request.document_id());
  if (found == nullptr) return Decision::Refuse(exchange::NotThere());
  const cv1::Document& document = *found;
  if (document.stage() == cv1::DOCUMENT_STAGE_COMPLETE) {
    return Decision::Refuse("document.complete", "All of it is here. Store another one.");
  }
  if (document.stage() != cv1::DOCUMENT_STAGE_UPLOADING) {
    return Decision::Refuse("document.not_ours_to_fill",
                            "It comes from the authority that let the case go. If it does not, "
                            "remove it and store it yourself.");
  }
  if (request.slice() != document.slices_here() + 1) {
    return Invalid("document.slice_out_of_order",
                   "Slices come in their order, each once. slices_here says how many are here.");
  }
  if (request.content().size() != NextSliceBytes(document)) {
    return Invalid("document.slice_size",
                   "A slice has 196608 bytes, and the last one what is left of the document's "
                   "size.");
  }
  auto kept = KeepNext(document, request.content(), ByCase(request), context);
  if (kept) return *std::move(kept);
  return Invalid("document.digest_differs",
                 "What is here is not what the SHA-256 says. Send the last slice as it is, or "
                 "remove the document and begin it anew.");
}

Decision TakeOut(const cv1::Document& document) {
  jv1::CaseEvent event;
  event.mutable_document_removed()->set_document_id(document.document_id());
  Decision decision;
  decision.AddEvent(event);
  DropSlices(document, decision);
  return decision;
}

Decision Remove(const jv1::CaseFile& file, const v1::RemoveDocumentRequest& request,
                const DecisionContext&) {
  const cv1::Document* const document = FindDocument(file, request.document_id());
  return document == nullptr ? Decision::Refuse(exchange::NotThere()) : TakeOut(*document);
}

template <class Request>
std::unique_ptr<Message> DocumentView(const jv1::CaseFile& file, const Request& request) {
  const cv1::Document* const document = FindDocument(file, request.document_id());
  if (!IsShown(file) || document == nullptr) return nullptr;
  return std::make_unique<cv1::Document>(*document);
}

// What was begun just now.
std::unique_ptr<Message> NewestView(const jv1::CaseFile& file) {
  auto newest = std::make_unique<cv1::Document>();
  if (!file.documents().empty()) *newest = *file.documents().rbegin();
  return newest;
}

template <class Request>
std::unique_ptr<Message> ListView(const jv1::CaseFile& file, const Request&) {
  if (!IsShown(file)) return nullptr;
  auto all = std::make_unique<cv1::CaseDocuments>();
  all->set_case_id(file.case_id());
  *all->mutable_documents() = file.documents();
  return all;
}

std::unique_ptr<Message> ListAsked(const jv1::CaseFile& file,
                                   const v1::ListDocumentsRequest& request) {
  auto all = ListView(file, request);
  if (all == nullptr || !request.for_citizen()) return all;
  exchange::EraseFrom(*static_cast<cv1::CaseDocuments&>(*all).mutable_documents(),
                      [](const cv1::Document& document) { return !IsForCitizen(document); });
  return all;
}

std::unique_ptr<Message> ContentView(const jv1::CaseFile& file,
                                     const v1::ReadDocumentRequest& request,
                                     const DecisionContext& context) {
  const cv1::Document* const document = FindDocument(file, request.document_id());
  if (!IsShown(file) || document == nullptr || document->stage() != cv1::DOCUMENT_STAGE_COMPLETE ||
      !MayRead(file, *document, context)) {
    return nullptr;
  }
  auto bytes = context.lookup->Attachment(kFiles, ByCase(request),
                                          SliceName(document->document_id(), request.slice()));
  if (!bytes) return nullptr;
  auto content = std::make_unique<cv1::DocumentContent>();
  content->set_document_id(document->document_id());
  content->set_category(document->category());
  content->set_slice(request.slice());
  content->set_content(*std::move(bytes));
  return content;
}

std::optional<Decision> RefuseUnit(const jv1::CaseFile& file, const cv1::Document& document,
                                   int function, const DecisionContext& context) {
  const pv1::Reader unit =
      policy::ReaderFor(context.self->kind, static_cast<pv1::Function>(function));
  const policy::Viewer viewer{unit, pv1::LEVEL_FULL, {pv1::CONDITION_OWN_PART}};
  if (!policy::MaySee(viewer, pv1::CATEGORY_DOCUMENT, pv1::DETAIL_FULL) ||
      !policy::MaySee(viewer, document.category(), pv1::DETAIL_FULL)) {
    return Invalid("document.unit_may_not_read",
                   "Name units of this authority that may read what the document is of.");
  }
  if (IsInvolved(file, unit, context)) return std::nullopt;
  return Decision::Refuse("document.unit_not_involved",
                          "A unit that is given a document is involved first: InvolveUnit.");
}

Decision Give(const jv1::CaseFile& file, const v1::GiveDocumentRequest& request,
              const DecisionContext& context) {
  const cv1::Document* const document = FindDocument(file, request.document_id());
  if (document == nullptr) return Decision::Refuse(exchange::NotThere());
  for (const int function : request.units()) {
    if (auto refused = RefuseUnit(file, *document, function, context)) return *std::move(refused);
  }
  jv1::CaseEvent event;
  jv1::DocumentGiven& given = *event.mutable_document_given();
  given.set_document_id(request.document_id());
  *given.mutable_units() = request.units();
  given.set_may_be_shown(request.may_be_shown());
  return Decision().AddEvent(event);
}

std::vector<exchange::Deadline> UploadsEnd(const jv1::CaseFile& file) {
  std::vector<exchange::Deadline> ends;
  for (const cv1::Document& document : file.documents()) {
    if (document.stage() != cv1::DOCUMENT_STAGE_UPLOADING) continue;
    ends.push_back({document.document_id(), FromProto(document.begun()) + kUploadLife});
  }
  return ends;
}

Decision DropUpload(const jv1::CaseFile& file, std::string_view document_id,
                    const DecisionContext& context) {
  const cv1::Document* const document = FindDocument(file, document_id);
  if (document == nullptr || document->stage() != cv1::DOCUMENT_STAGE_UPLOADING ||
      FromProto(document->begun()) + kUploadLife > context.now) {
    return Decision::NoEffect("upload_over");
  }
  return TakeOut(*document);
}

}  // namespace

CasePart DocumentPart() {
  auto begin = OnCase({&kResponsible, &kNotFrozen, &kRoomForDocuments}, &Begin);
  begin.view = &NewestView;
  begin.guarded = &CaseView;
  auto store = OnCase({&kResponsible, &kNotFrozen}, &StoreSlice);
  store.view = &DocumentView<v1::StoreDocumentSliceRequest>;
  auto give = OnCase({&kResponsible}, &Give);
  give.view = &DocumentView<v1::GiveDocumentRequest>;
  give.guarded = &DocumentView<v1::GiveDocumentRequest>;
  auto remove = OnCase({&kResponsible, &kNotFrozen}, &Remove);
  remove.view = &ListView<v1::RemoveDocumentRequest>;
  remove.guarded = &DocumentView<v1::RemoveDocumentRequest>;
  CasePart part;
  part.Serve(std::move(begin))
      .Serve(std::move(store))
      .Serve(std::move(give))
      .Serve(std::move(remove))
      .Serve<v1::ListDocumentsRequest>({.target = &ByCase, .view = &ListAsked})
      .Serve<v1::ReadDocumentRequest>({.target = &ByCase, .view = &ContentView})
      .Due("upload", &UploadsEnd, &DropUpload);
  return part;
}

}  // namespace exitbus::casework
