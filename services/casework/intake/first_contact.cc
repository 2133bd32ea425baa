#include "services/casework/intake/first_contact.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "exitbus/casework/v1/first_contact_service.pb.h"
#include "exitbus/casework_journal/v1/first_contact.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/compose.h"
#include "services/exchange/part.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"

namespace exitbus::casework {
namespace {

namespace cv1 = casework::v1;
namespace jv1 = casework_journal::v1;
using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;
using exchange::KindName;
using exchange::Message;
using ContactPart = exchange::Part<jv1::FirstContact, jv1::FirstContactEvent>;

constexpr char kFirstContact[] = "first-contact";

std::string Anew(const cv1::RecordFirstContactRequest&) { return ""; }

Decision Record(const jv1::FirstContact&, const cv1::RecordFirstContactRequest& request,
                const DecisionContext& context) {
  if (request.source() == cv1::REFERRAL_SOURCE_UNSPECIFIED) {
    return Decision::Refuse(BadInput("first_contact.source_required", "Say who asked."));
  }
  if (request.outcome() == cv1::FIRST_CONTACT_OUTCOME_UNSPECIFIED) {
    return Decision::Refuse(BadInput("first_contact.outcome_required", "Say what came of it."));
  }
  const absl::Time at = request.has_at() ? FromProto(request.at()) : context.now;
  if (at > context.now) {
    return Decision::Refuse(BadInput("first_contact.when", "It was until now. Say when."));
  }
  jv1::FirstContactEvent event;
  jv1::FirstContact& contact = *event.mutable_recorded()->mutable_contact();
  contact.set_contact_id(context.lookup->FreshId());
  cv1::FirstContact& seen = *contact.mutable_seen();
  seen.set_source(request.source());
  seen.set_outcome(request.outcome());
  seen.set_age(request.age());
  *seen.mutable_at() = exchange::ToProto(at);
  return Decision().AddEvent(event);
}

std::unique_ptr<Message> View(const jv1::FirstContact& contact) {
  if (!contact.has_seen()) return nullptr;
  return std::make_unique<cv1::FirstContact>(contact.seen());
}

void Keep(jv1::FirstContact& contact, const jv1::FirstContactRecorded& recorded) {
  contact = recorded.contact();
}

std::vector<std::string> KeysOf(const jv1::FirstContact& contact, const exchange::Lookup&) {
  if (contact.contact_id().empty()) return {};
  return {KindName{kFirstContact, contact.contact_id()}.Encode()};
}

class Figures : public exchange::Tally {
 public:
  explicit Figures(std::uint32_t year) : year_(year) {}

  void Add(const Message& state) override {
    const cv1::FirstContact& seen = static_cast<const jv1::FirstContact&>(state).seen();
    const auto year = exchange::DayOf(FromProto(seen.at())).year();
    if (year_ != 0 && year != year_) return;
    cv1::FirstContactFigure& figure = figures_[{seen.source(), seen.outcome()}];
    figure.set_source(seen.source());
    figure.set_outcome(seen.outcome());
    figure.set_contacts(figure.contacts() + 1);
    const bool is_over = seen.age() == cv1::FIRST_CONTACT_AGE_OVER_25;
    if (is_over) figure.set_over_25(figure.over_25() + 1);
  }
  std::unique_ptr<Message> Result() const override {
    auto result = std::make_unique<cv1::FirstContactFigures>();
    for (const auto& [which, figure] : figures_) *result->add_figures() = figure;
    return result;
  }

 private:
  const std::int64_t year_;
  std::map<std::pair<int, int>, cv1::FirstContactFigure> figures_;
};

exchange::TallyBegun Begin(const cv1::CountFirstContactsRequest& request, const DecisionContext&) {
  return std::make_unique<Figures>(request.year());
}

}  // namespace

exchange::Aggregate FirstContacts() {
  ContactPart part;
  part.After(&Keep)
      .Named(&KeysOf)
      .Serve<cv1::RecordFirstContactRequest>(
          {.target = &Anew, .decide = &Record, .view = &View, .needs = exchange::Needs::kNothing})
      .Count(KindName{kFirstContact, ""}.Encode(), &Begin);
  exchange::Aggregate contacts = exchange::Compose<jv1::FirstContact, jv1::FirstContactEvent>(
      kFirstContact, {std::move(part)}, [](const exchange::LetterPlace&) { return ""; });
  contacts.visibility = [](const Message&, policy::v1::Reader reader, const DecisionContext&) {
    return exchange::Visibility{reader};
  };
  return contacts;
}

}  // namespace exitbus::casework
