#include "tools/exitctl/rendering.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework/v1/erasure_service.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/nec/v1/overview_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "tools/exitctl/text_table.h"

namespace exitbus::exitctl {
namespace {

template <class Reply>
std::string TextOf(const std::string& text) {
  Reply reply;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &reply));
  return AsText(reply);
}

// A server of another version, or one that was deceived, may answer anything.
TEST(Rendering, NoAnswerEndsTheProgram) {
  casework::v1::GetCaseResponse reply;
  reply.mutable_case_()->set_case_id("c1");
  reply.mutable_case_()->mutable_planned_release()->set_seconds(std::int64_t{1} << 62);
  reply.mutable_case_()->set_stage(static_cast<casework::v1::CaseStage>(999));
  EXPECT_THAT(AsJson(reply), testing::HasSubstr("\\\"c1\\\""));
  EXPECT_THAT(AsJsonLine(reply), testing::StartsWith("{\"has_no_json\": \""));
  EXPECT_THAT(AsText(reply), testing::HasSubstr("c1"));
}

TEST(Rendering, OfAHandoverTellsStageMoveTermsAndWhatIsWithheld) {
  EXPECT_EQ(TextOf<handover::v1::GetHandoverResponse>(R"(handover {
      handover_id: "h1" side: SIDE_RECEIVER stage: HANDOVER_STAGE_REQUESTED
      counterpart: "kriminalforsorgen-kif-1469" reason: HANDOVER_REASON_RELEASE
      expected { seconds: 1772323200 } needs: MODULE_HOUSING agreement_version: 2
      terms { term_id: "t1" type: MEASURE_TYPE_HOUSING module: MODULE_HOUSING months: 6
              funding: FUNDING_CLASS_REGION status: TERM_STATUS_OBJECTED
              objection: OBJECTION_CODE_TOO_LONG }
      waiting_for: SIDE_HOLDER due { seconds: 1772323200 } escalated: true
      withheld: CATEGORY_CPR_NUMBER withheld: CATEGORY_NAME etag: "e" })"),
            R"(handover h1
  stage              requested
  move               kriminalforsorgen-kif-1469
  until              2026-03-01 00:00 UTC
  escalated          yes
  we are             receiver
  counterpart        kriminalforsorgen-kif-1469
  reason             release
  expected           2026-03-01 00:00 UTC
  needs              housing
  terms
    TERM  TYPE     MODULE   MONTHS  FUNDING  STATUS    OBJECTION
    t1    housing  housing  6       region   objected  too long
  agreement version  2
  etag               e
  withheld           cpr number, name
)");
}

TEST(Rendering, ShowsWhatWouldSteerTheTerminalOrPoseAsLinesOfOurs) {
  const std::string hostile = R"("a\033[2J\302\233\342\200\256\n  stage         acknowledged")";
  const std::string text = TextOf<handover::v1::GetHandoverResponse>(
      "handover { handover_id: " + hostile + " counterpart: " + hostile +
      " stage: HANDOVER_STAGE_REQUESTED terms { term_id: " + hostile + " } etag: " + hostile + "}");
  for (const char* raw : {"\x1b", "\xc2\x9b", "\xe2\x80\xae", "\n  stage         acknowledged"}) {
    EXPECT_EQ(text.find(raw), std::string::npos) << text;
  }
  EXPECT_NE(text.find(R"(a\u001b[2J\u009b\u202e\n  stage)"), std::string::npos) << text;
}

TEST(Rendering, OfASecurityFileWithoutANameTellsWhyAndWhatToDo) {
  const std::string file = R"( { security_id: "s1" standing: POLICE_STANDING_IN_CHARGE
      holder: "municipality-0183" naming: NAMING_REVOKED legal_basis: LEGAL_BASIS_CONSENT
      consent_revoked { seconds: 1772323200 } etag: "e" })";
  EXPECT_EQ(TextOf<police::v1::GetSecurityFileResponse>("file" + file), R"(security file s1
  we are           in charge
  holder           municipality-0183
  person           not named, since the consent was revoked: nobody will be named or can be assessed here
  legal basis      consent
  consent revoked  2026-03-01 00:00 UTC
  etag             e
)");
  EXPECT_THAT(TextOf<police::v1::ListSecurityFilesResponse>("files" + file),
              testing::HasSubstr("not named, since the consent was revoked"));
  EXPECT_EQ(TextOf<police::v1::GetSecurityFileResponse>(
                R"(file { security_id: "s2" standing: POLICE_STANDING_RECEIVING
                          naming: NAMING_NOT_YET etag: "e" })"),
            R"(security file s2
  we are        receiving
  person        not named yet
  etag          e
)");
}

TEST(Rendering, OfAnErasureTellsWhoHasNotConfirmed) {
  EXPECT_EQ(TextOf<casework::v1::GetErasureResponse>(R"(erasure {
      erasure_id: "e1" case_id: "c1" reason: ERASURE_REASON_CITIZENS_RIGHT
      erased { seconds: 1772323200 } due { seconds: 1772928000 } overdue: true
      orders { authority: "nec" confirmed { seconds: 1772323200 } }
      orders { authority: "police-1469" } etag: "e" })"),
            R"(erasure e1
  case          c1
  reason        citizens right
  erased        2026-03-01 00:00 UTC
  told
    AUTHORITY    CONFIRMED
    nec          2026-03-01 00:00 UTC
    police-1469
  due           2026-03-08 00:00 UTC
  overdue       yes
  etag          e
)");
  const std::string list = TextOf<casework::v1::ListErasuresResponse>(
      R"(erasures { erasure_id: "e1" case_id: "c1" complete: true })");
  EXPECT_THAT(list, testing::HasSubstr("COMPLETE\n  e1       c1    yes"));
}

TEST(Rendering, OfOnesOwnMoveSaysYours) {
  const std::string list = TextOf<handover::v1::ListHandoversResponse>(R"(
      handovers { handover_id: "h1" side: SIDE_HOLDER waiting_for: SIDE_HOLDER })");
  EXPECT_NE(list.find("yours"), std::string::npos) << list;
}

TEST(Rendering, OfACaseTellsAllThatIsInIt) {
  const std::string text = TextOf<casework::v1::GetCaseResponse>(R"(case {
      case_id: "c1" stage: CASE_STAGE_ENROLLED standing: STANDING_RESPONSIBLE
      responsible: "municipality-0183" responsibility_number: 2
      person { name: "Ærø Ø" cpr_number: "0101701234" } current_address: "Vej 1"
      consent { given { seconds: 1772323200 } covers: AUTHORITY_KIND_POLICE }
      visitation { decided { seconds: 1772323200 } affiliation: "a" health_needs: "h" }
      agreement { version: 3 template: "t" measures { type: MEASURE_TYPE_DEBT months: 4 } }
      precautions: "two at a time" precautions: "never alone" withheld: CATEGORY_SENTENCE })");
  EXPECT_EQ(text, R"(case c1
  stage                  enrolled
  we are                 responsible
  responsible            municipality-0183
  responsibility number  2
  person
    cpr number    0101701234
    name          Ærø Ø
  current address        Vej 1
  consent
    given         2026-03-01 00:00 UTC
    covers        police
  visitation
    decided       2026-03-01 00:00 UTC
    affiliation   a
    health needs  h
  agreement
    version       3
    template      t
    measures
      TYPE  MONTHS
      debt  4
  precautions            two at a time
                         never alone
  withheld               sentence
)");
}

TEST(Rendering, OfACaseTellsWhoWorksOnItAndWhoBrokeTheGlass) {
  const std::string text = TextOf<casework::v1::GetCaseResponse>(R"(case {
      case_id: "c1" units { function: FUNCTION_JOBCENTRE since { seconds: 1772323200 } }
      break_glass { break_glass_id: "b" employee: "e2" function: FUNCTION_FAMILY_CENTRE
                    reason: "threat at the door" requested { seconds: 1772323200 } minutes: 30
                    approved_by: "e3" approved { seconds: 1772323260 }
                    until { seconds: 1772325060 } } })");
  EXPECT_EQ(text, R"(case c1
  units
    FUNCTION   SINCE
    jobcentre  2026-03-01 00:00 UTC
  break glass
    break glass   b
    employee      e2
    function      family centre
    reason        threat at the door
    requested     2026-03-01 00:00 UTC
    minutes       30
    approved by   e3
    approved      2026-03-01 00:01 UTC
    until         2026-03-01 00:31 UTC
)");
}

TEST(Rendering, OfAnAccountTellsTheCitizenAndNoIds) {
  EXPECT_EQ(TextOf<casework::v1::GetAccountResponse>(R"(
      entries { time { seconds: 1772323200 } last { seconds: 1772323200 } times: 1
        authority: "municipality-0461" authority_name: "Odense Kommune"
        kind: "exitbus.handover.v1.DossierPart" purpose: "PURPOSE_HANDOVER"
        legal_basis: LEGAL_BASIS_FVL28 categories: CATEGORY_NAME categories: CATEGORY_MEASURES }
      entries { time { seconds: 1772323200 } last { seconds: 1772326800 } times: 3
        system: "journal" function: FUNCTION_JOBCENTRE employee: "jt17" break_glass_id: "b"
        kind: "exitbus.casework.v1.CaseService.GetCase" purpose: "threat at the door"
        legal_basis: LEGAL_BASIS_DBL8 categories: CATEGORY_ADDRESS })"),
            R"(who was shown or sent what (indsigt i videregivelse og opslag)

2026-03-01 00:00 UTC
  who           sent to Odense Kommune
  what          name (navn), measures (tiltag)
  why           moving the case (overdragelse)
  legal basis   forvaltningsloven § 28

2026-03-01 00:00 UTC to 2026-03-01 01:00 UTC, 3 times
  who           seen here by the job centre (Jobcenter)
  what          address (adresse)
  why           threat at the door
  legal basis   databeskyttelsesloven § 8
  exception     for a stated reason, approved by a second person (nødadgang)
)");
}

TEST(Rendering, OfAnAccountHasWordsForEveryKindOfInformationGroundAndFunction) {
  casework::v1::GetAccountResponse account;
  for (int value = policy::v1::Category_MIN + 1; value <= policy::v1::Category_MAX; ++value) {
    if (policy::v1::Category_IsValid(value)) {
      account.add_entries()->add_categories(static_cast<policy::v1::Category>(value));
    }
  }
  for (int value = 0; value <= policy::v1::LegalBasis_MAX; ++value) {
    account.add_entries()->set_legal_basis(static_cast<policy::v1::LegalBasis>(value));
  }
  for (int value = 1; value <= policy::v1::Function_MAX; ++value) {
    account.add_entries()->set_function(static_cast<policy::v1::Function>(value));
  }
  for (auto& entry : *account.mutable_entries()) {
    if (entry.function() == 0) entry.set_authority("somebody");
  }
  EXPECT_EQ(AsText(account).find("no. "), std::string::npos) << AsText(account);
}

TEST(Rendering, OfListsAndTheOverview) {
  EXPECT_EQ(TextOf<casework::v1::ListCasesResponse>(""), "none\n");
  EXPECT_EQ(TextOf<nec::v1::ListEntriesResponse>(
                R"(entries { overview_id: "o" stage: ENTRY_STAGE_ENROLLED authority: "m" })"),
            "  ENTRY  STAGE     RESPONSIBLE\n  o      enrolled  m\n");
  EXPECT_NE(TextOf<casework::v1::GetResponsibilityResponse>(
                R"(responsibility { case_id: "c" fault: "evidence.two_holders" })")
                .find("evidence.two_holders"),
            std::string::npos);
}

TEST(Rendering, OfAnyMessageComesFromItsDescriptor) {
  casework::v1::OpenCaseRequest request;
  EXPECT_EQ(AsText(request), "done\n");
  request.set_current_address("x");
  EXPECT_EQ(AsText(request), "  current address  x\n");
  EXPECT_NE(AsJson(request).find("\"current_address\": \"x\""), std::string::npos);
}

TEST(TextTable, LinesUpByLettersAndLeavesOutEmptyColumns) {
  EXPECT_EQ(TextTable({{"A", "B", "C"}, {"Ærø", "", "1"}, {"x", "", "2"}}),
            "  A    C\n  Ærø  1\n  x    2\n");
}

}  // namespace
}  // namespace exitbus::exitctl
