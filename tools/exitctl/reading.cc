#include "tools/exitctl/reading.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "adapters/system/shown.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "tools/exitctl/names.h"

namespace exitbus::exitctl {
namespace {

using google::protobuf::FieldDescriptor;
// Where a caseworker reads something else than the contracts' names: by a field's or value's name,
// or by what of a type.
const std::string* Find(const std::string& what) {
  static const auto* words = new std::map<std::string, std::string>{
      {"Case.standing", "we are"},
      {"Erasure.orders", "told"},
      {"MonitoredHandover.contact_id", "handover"},
      {"Handover.due", "until"},
      {"Handover.side", "we are"},
      {"Handover.waiting_for", "move"},
      {"OverviewEntry.authority", "responsible"},
      {"OverviewEntry.overview_id", "entry"},
      {"Responsibility.authority", "responsible"},
      {"Responsibility.number", "responsibility number"},
      {"SecurityFile.naming", "person"},
      {"SecurityFile.security_id", "file"},
      {"SecurityFile.standing", "we are"},
      {"SecurityPicture.acknowledged_by", "precautions read by"},
      {"SecurityPicture.due", "precautions due"},
      {"SecurityPicture.overdue", "precautions overdue"},
      // What a value says, or a field that is true.
      {"true correspondence_stopped",
       "nothing passes to or from the other side; phone it, and your operators"},
      {"NAMING_NAMED", ""},
      {"NAMING_NOT_YET", "not named yet"},
      {"NAMING_REVOKED",
       "not named, since the consent was revoked: nobody will be named or can be assessed here"},
      // What is read first.
      {"first Handover", "stage waiting_for due escalated side counterpart"},
      {"first SecurityFile", "standing holder naming person"},
      // What a list shows.
      {"list AskedConflict", "conflict_id asker municipality groups answer due overdue"},
      {"list Case",
       "case_id stage standing responsible person.name handover_id security.threat_level "
       "security.due security.acknowledged_by security.overdue next_acts.kind next_acts.due"},
      {"list Erasure", "erasure_id case_id reason erased due overdue complete"},
      {"list MonitoredHandover",
       "contact_id stage holder receiver escalations.waiting_for escalations.due "
       "escalations.answered"},
      {"list Handover",
       "handover_id stage side counterpart reason waiting_for due escalated erasure_overdue "
       "security.threat_level security.due security.acknowledged_by security.overdue"},
      {"list MunicipalityInquiry",
       "inquiry_id stage profile.household profile.from_month asked due overdue"},
      {"list HolderInventory",
       "authority as_of due overdue differences.overview_id differences.kind has_more_differences"},
      {"list OverviewEntry", "overview_id stage person.name authority since"},
      {"list PoolApplication",
       "application_id stage measure applied_dkk granted_dkk paid_dkk spent_dkk due overdue"},
      {"list ReceivedReferral",
       "referral_id stage sender referral.person.name referral.urgency received due overdue"},
      {"list SentReferral",
       "referral_id stage municipality referral.person.name outcome due overdue"},
      {"list Relocation",
       "relocation_id stage holder police waiting_for due overdue paused_days withdrawal"},
      {"list SecurityFile",
       "security_id standing holder person.name naming assessment.version precautions_recipients "
       "transfer.erasure_overdue"},
  };
  const auto found = words->find(what);
  return found == words->end() ? nullptr : &found->second;
}

}  // namespace

std::vector<const FieldDescriptor*> FieldsOf(const google::protobuf::Descriptor& type) {
  std::vector<const FieldDescriptor*> fields;
  const auto add = [&](const FieldDescriptor* field) {
    if (field == nullptr) return;
    if (std::find(fields.begin(), fields.end(), field) == fields.end()) fields.push_back(field);
  };
  if (const std::string* first = Find("first " + type.name())) {
    for (const auto name : absl::StrSplit(*first, ' '))
      add(type.FindFieldByName(std::string(name)));
  }
  for (int i = 0; i < type.field_count(); ++i) add(type.field(i));
  return fields;
}

std::string LabelOf(const FieldDescriptor& field) {
  const std::string* label = Find(field.containing_type()->name() + "." + field.name());
  if (label != nullptr) return *label;
  return absl::StrReplaceAll(absl::StripSuffix(field.name(), "_id"), {{"_", " "}});
}

std::string WordsOfType(const google::protobuf::Descriptor& type) {
  std::string words;
  for (const char letter : type.name()) {
    if (absl::ascii_isupper(static_cast<unsigned char>(letter)) && !words.empty()) words += ' ';
    words += absl::ascii_tolower(static_cast<unsigned char>(letter));
  }
  return words;
}

std::string WordsOf(const google::protobuf::EnumDescriptor& type, int value) {
  if (value == 0) return "";
  const auto* found = type.FindValueByNumber(value);
  if (found == nullptr) return std::to_string(value);
  const std::string* meaning = Find(found->name());
  return meaning != nullptr ? *meaning : absl::StrReplaceAll(ShortName(*found), {{"_", " "}});
}

std::string WordsOfTrue(const FieldDescriptor& field) {
  const std::string* meaning = Find("true " + field.name());
  return meaning != nullptr ? *meaning : "yes";
}

std::optional<std::string> ComputedOf(const google::protobuf::Message& message,
                                      const FieldDescriptor& field) {
  const auto* handover = google::protobuf::DynamicCastToGenerated<handover::v1::Handover>(&message);
  if (handover == nullptr || field.name() != "waiting_for") return std::nullopt;
  if (handover->waiting_for() == handover::v1::SIDE_UNSPECIFIED) return "";
  return handover->waiting_for() == handover->side() ? "yours"
                                                     : adapters::Shown(handover->counterpart());
}

std::vector<std::string> ColumnsOf(const google::protobuf::Descriptor& type) {
  const std::string* columns = Find("list " + type.name());
  if (columns == nullptr) return {};
  return absl::StrSplit(*columns, ' ');
}

}  // namespace exitbus::exitctl
