#include "services/casework/programme/programmes.h"

#include <algorithm>

#include "exitbus/casework/v1/programme.pb.h"

namespace exitbus::casework {
namespace {

enum class Openings { kAll, kAsConfigured, kNone };

// The code list.
struct Listed {
  cv1::Programme programme;
  Openings openings;
};

constexpr Listed kProgrammes[] = {
    {cv1::PROGRAMME_NATIONAL_FRAMEWORK, Openings::kAll},
    // As Exit KK, which KIV became part of in 2015.
    {cv1::PROGRAMME_MUNICIPAL_EXIT, Openings::kAsConfigured},
    // For everybody in prison, with or without ties to a gang.
    {cv1::PROGRAMME_GOD_LOESLADELSE, Openings::kNone},
    {cv1::PROGRAMME_PLAN_FOR_FRIHED, Openings::kNone},
    {cv1::PROGRAMME_RESOCIALISING_EFFORT, Openings::kNone},
};

// Of a programme that this version does not know, nothing is told to anybody.
Openings OpeningsOf(cv1::Programme programme) {
  if (programme == cv1::PROGRAMME_UNSPECIFIED) return Openings::kAll;
  for (const Listed& listed : kProgrammes) {
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

}  // namespace

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
