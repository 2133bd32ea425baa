#include "services/casework/programme/programmes.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "exitbus/casework/v1/programme.pb.h"
#include "exitbus/casework/v1/programme_service.pb.h"

namespace exitbus::casework {
namespace {

enum class Openings { kAll, kAsConfigured, kNone };

// The code list.
struct OldName {
  const char* name;
  unsigned since;
  unsigned until;
};
struct Listed {
  cv1::Programme programme;
  Openings openings;
  const char* name;
  unsigned since;  // year; 0: not known here
  std::vector<OldName> old_names = {};
};

const std::vector<Listed>& Programmes() {
  static const auto* const all = new std::vector<Listed>{
      {cv1::PROGRAMME_NATIONAL_FRAMEWORK, Openings::kAll, "Den nationale rammemodel", 2011},
      // EKP was the unit that ran Copenhagen's; it is EKI now.
      {cv1::PROGRAMME_MUNICIPAL_EXIT,
       Openings::kAsConfigured,
       "Kommunalt exitprogram (Exit KK)",
       2010,
       {{"Exitprogrammet", 2010, 2015}, {"KIV", 2010, 2015}, {"EKP", 2010, 0}}},
      // For everybody in prison, with or without ties to a gang.
      {cv1::PROGRAMME_GOD_LOESLADELSE, Openings::kNone, "God Løsladelse", 0},
      {cv1::PROGRAMME_PLAN_FOR_FRIHED, Openings::kNone, "Plan for Frihed", 0},
      {cv1::PROGRAMME_RESOCIALISING_EFFORT, Openings::kNone, "Den Resocialiserende Indsats", 0},
  };
  return *all;
}

// Of a programme that this version does not know, nothing is told to anybody.
Openings OpeningsOf(cv1::Programme programme) {
  if (programme == cv1::PROGRAMME_UNSPECIFIED) return Openings::kAll;
  for (const Listed& listed : Programmes()) {
    if (listed.programme == programme) return listed.openings;
  }
  return Openings::kNone;
}

bool Opens(cv1::Programme programme, const google::protobuf::RepeatedField<int>& recorded,
           cv1::ProgrammeOpening what) {
  switch (OpeningsOf(programme)) {
    case Openings::kAll:
      return true;
    case Openings::kAsConfigured:
      return std::find(recorded.begin(), recorded.end(), what) != recorded.end();
    case Openings::kNone:
      return false;
  }
  return false;
}

// As this authority offers them; it looks at no case.
class Names : public exchange::Tally {
 public:
  explicit Names(const exchange::DecisionContext& context) {
    for (const Listed& listed : Programmes()) Show(listed, context);
  }
  void Add(const google::protobuf::Message&) override {}
  std::unique_ptr<google::protobuf::Message> Result() const override {
    return std::make_unique<v1::ProgrammeList>(list_);
  }

 private:
  void Show(const Listed& listed, const exchange::DecisionContext& context) {
    v1::ListedProgramme& shown = *list_.add_programmes();
    shown.set_programme(listed.programme);
    shown.set_name(listed.name);
    shown.set_since(listed.since);
    for (const OldName& old : listed.old_names) {
      v1::OldName& name = *shown.add_old_names();
      name.set_name(old.name);
      name.set_since(old.since);
      name.set_until(old.until);
    }
    google::protobuf::RepeatedField<int> recorded;
    for (const auto what : OpeningsToRecord(listed.programme, context)) recorded.Add(what);
    for (int what = 1; cv1::ProgrammeOpening_IsValid(what); ++what) {
      const auto opening = static_cast<cv1::ProgrammeOpening>(what);
      if (Opens(listed.programme, recorded, opening)) shown.add_opens(opening);
    }
  }

  v1::ProgrammeList list_;
};

exchange::TallyBegun BeginNames(const v1::ListProgrammesRequest&,
                                const exchange::DecisionContext& context) {
  return std::make_unique<Names>(context);
}

}  // namespace

CasePart ProgrammeListPart() {
  CasePart part;
  part.Count("no case is called so/", &BeginNames);
  return part;
}

bool IsFramework(cv1::Programme programme) {
  return programme == cv1::PROGRAMME_UNSPECIFIED || programme == cv1::PROGRAMME_NATIONAL_FRAMEWORK;
}

bool IsSameProgramme(cv1::Programme one, cv1::Programme other) {
  return one == other || (IsFramework(one) && IsFramework(other));
}

std::vector<cv1::ProgrammeOpening> OpeningsToRecord(cv1::Programme programme,
                                                    const exchange::DecisionContext& context) {
  if (OpeningsOf(programme) != Openings::kAsConfigured || context.municipal_exit_opens == nullptr) {
    return {};
  }
  return *context.municipal_exit_opens;
}

bool Opens(const jv1::CaseFile& file, cv1::ProgrammeOpening what) {
  return Opens(file.programme(), file.opens(), what);
}

bool Opens(const hv1::DossierPart& part, cv1::ProgrammeOpening what) {
  return Opens(part.programme(), part.opens(), what);
}

std::string PoliceIn(const jv1::CaseFile& file) {
  return Opens(file, cv1::PROGRAMME_OPENING_POLICE) ? file.police() : "";
}

bool IsPoliceAsked(const exchange::Decision& decision) {
  return std::any_of(decision.events().begin(), decision.events().end(), [](const auto& event) {
    return static_cast<const jv1::CaseEvent&>(*event).has_police_involved();
  });
}

const Rule kOpensPolice{
    "programme.no_police",
    "The case's programme does not ask the police unit. ChangeProgramme, if the person belongs in "
    "another one.",
    [](const Situation& s) { return Opens(s.file, cv1::PROGRAMME_OPENING_POLICE); }};

const Rule kOpensPool{
    "programme.no_pool",
    "The case's programme has no part in the central pool. ChangeProgramme, if the person belongs "
    "in another one.",
    [](const Situation& s) { return Opens(s.file, cv1::PROGRAMME_OPENING_POOL); }};

const Rule kOpensRelocation{
    "programme.no_relocation",
    "The case's programme relocates nobody. ChangeProgramme, if the person belongs in another one.",
    [](const Situation& s) { return Opens(s.file, cv1::PROGRAMME_OPENING_RELOCATION); }};

bool IsInOverview(const jv1::CaseFile& file) {
  return file.visitation().has_decided() && Opens(file, cv1::PROGRAMME_OPENING_NEC);
}

}  // namespace exitbus::casework
