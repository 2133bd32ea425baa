// Letters, rightly signed and sealed, by who has no part in the case, or no longer: under whichever
// id they name it by, the case stays where it is and what it is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/handover/v1/handover_service.pb.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/slips.h"
#include "tests/simulation/caseworker.h"
#include "tests/simulation/erasure_world.h"
#include "tests/simulation/forgery.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
namespace jv1 = casework_journal::v1;
namespace ev1 = exchange::v1;
namespace pv1 = policy::v1;

MATCHER_P(Is, file, "") { return arg.SerializeAsString() == file.SerializeAsString(); }

class ForgedLettersTest : public testing::Test, protected ErasureWorld {
 protected:
  ForgedLettersTest() : case_id(EnrolledCase(world, ishoej)) { Assessed(case_id); }

  jv1::CaseFile FileAt(Node& node) { return NewestFile(node, case_id); }
  static ev1::Body Requested(const std::string& contact_id) {
    ev1::Body body;
    body.mutable_handover_requested()->set_reason(hv1::HANDOVER_REASON_RELOCATION);
    body.mutable_handover_requested()->set_contact_id(contact_id);
    return body;
  }
  static ev1::Body Recalled() {
    ev1::Body body;
    body.mutable_handover_recalled();
    return body;
  }
  void Forged(Node& author, Node& reader, const std::string& subject, const ev1::Body& body) {
    Forge(world, {author, reader, pv1::CHANNEL_HANDOVER, subject, body});
  }

  const std::string case_id;
};

// The contact point's id is known to whoever is asked, NEC's and the police unit's to whoever had
// the dossier.
TEST_F(ForgedLettersTest, WhoWasOnceAskedCannotTakeACaseByAskingUnderAnIdOfIt) {
  const std::string declined = Offered(world, ishoej, case_id, albertslund);
  ASSERT_TRUE(Do(world, albertslund, "DeclineOffer", declined).ok());
  ASSERT_TRUE(world.Settle());
  const jv1::CaseFile before = FileAt(ishoej);
  ASSERT_EQ(before.standing(), cv1::STANDING_RESPONSIBLE);
  const std::vector<std::string> ids = {before.handovers(0).contact_id(), before.overview_id(),
                                        before.security_id(), before.case_id()};
  for (const std::string& id : ids) {
    SCOPED_TRACE(id);
    ASSERT_FALSE(id.empty());
    Forged(albertslund, ishoej, id, Requested("another-" + id));
    EXPECT_THAT(FileAt(ishoej), Is(before));
    Forged(albertslund, ishoej, id, Recalled());
    EXPECT_THAT(FileAt(ishoej), Is(before));
    EXPECT_TRUE(GetCase(ishoej, case_id).ok());
  }
  // Its own id is not another's to ask under, nor to ask under twice.
  Forged(odense, ishoej, declined, Requested("another"));
  Forged(albertslund, ishoej, declined, Requested("another"));
  EXPECT_THAT(FileAt(ishoej), Is(before));
  const auto refused = ishoej.telemetry().LinesOf("letter.refused");
  ASSERT_EQ(refused.size(), 3U);
  EXPECT_EQ(refused[0].fields[0].second, "id.in_use") << "the police unit's, as a handover's";
  EXPECT_EQ(refused[1].fields[0].second, "letter.not_a_party");
  EXPECT_EQ(refused[2].fields[0].second, "letter.requested_twice");
  // The case goes its route. Who forged is behind what it wrote and holds back, so that the world
  // does not settle.
  const auto requested = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(requested.ok()) << requested.status();
  const auto go_on = [&](Node& node, const char* rpc) {
    world.Pass(absl::Hours(1));
    const auto done = Do(world, node, rpc, requested->handover_id());
    EXPECT_TRUE(done.ok()) << rpc << ": " << done.status();
  };
  go_on(odense, "AgreeTerms");
  go_on(odense, "AcceptHandover");
  go_on(ishoej, "OfferHandover");
  go_on(odense, "TakeOverCase");
}

TEST_F(ForgedLettersTest, AnIdInUseIsNotTakenOverByARequestThatNamesIt) {
  const std::string open = Accepted(world, ishoej, case_id, odense);
  const jv1::CaseFile before = FileAt(ishoej);
  Forged(albertslund, ishoej, "of-albertslund", Requested(before.handovers(0).contact_id()));
  const auto refused = ishoej.telemetry().LinesOf("letter.refused");
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].fields[0].second, "id.in_use");
  EXPECT_THAT(FileAt(ishoej), Is(before));
  EXPECT_TRUE(absl::IsNotFound(GetHandover(ishoej, "of-albertslund").status()));
}

// A handover of a made-up case, up to its offer, whose dossier names ids of a case that is here.
class OfferedAnIdInUse : public ForgedLettersTest {
 protected:
  void Offer(const jv1::CaseFile& mine, const std::string& number_case, std::uint64_t number = 2) {
    Forged(albertslund, ishoej, kHandover, Requested("contact-of-it"));
    ev1::Body body;
    hv1::Term& term = *body.mutable_agreement_term_proposed()->mutable_term();
    term.set_term_id("term");
    term.set_status(hv1::TERM_STATUS_PROPOSED);
    Forged(albertslund, ishoej, kHandover, body);
    ASSERT_TRUE(Do(world, ishoej, "AgreeTerms", kHandover).ok());
    ASSERT_TRUE(Do(world, ishoej, "AcceptHandover", kHandover).ok());
    body.mutable_handover_identity_released()->set_case_id(number_case);
    body.mutable_handover_identity_released()->mutable_person()->set_cpr_number("6101900077");
    Forged(albertslund, ishoej, kHandover, body);
    hv1::DossierPart& part = *body.mutable_dossier_part();
    part.set_stage(cv1::CASE_STAGE_ENROLLED);
    part.mutable_visitation()->mutable_decided()->set_seconds(1'770'000'000);
    part.set_security_id(mine.security_id());
    part.set_overview_id(mine.overview_id());
    const std::string digest = world.crypto->Digest(part.SerializeAsString());
    Forged(albertslund, ishoej, kHandover, body);
    ev1::Statement statement;
    ev1::Offer& offer = *statement.mutable_offer();
    offer.set_case_id(number_case);
    offer.set_handover_id(kHandover);
    offer.set_from_number(1);
    offer.set_number(number);
    offer.set_holder(albertslund.id());
    offer.set_receiver(ishoej.id());
    offer.add_dossier_digests(digest);
    body.mutable_handover_offered()->set_offer(SignedBy(albertslund, statement));
    statement.mutable_slip()->set_receiver(ishoej.id());
    for (Node* reader : {&nec, &desk}) {
      statement.mutable_slip()->set_reader(reader->id());
      body.mutable_handover_offered()->add_slips(SignedBy(albertslund, statement));
    }
    Forged(albertslund, ishoej, kHandover, body);
  }
  hv1::HandoverStage Stage() {
    const auto handover = GetHandover(ishoej, kHandover);
    EXPECT_TRUE(handover.ok()) << handover.status();
    return handover.ok() ? handover->stage() : hv1::HANDOVER_STAGE_UNSPECIFIED;
  }

  static constexpr char kHandover[] = "a-handover-of-albertslund";
};

TEST_F(OfferedAnIdInUse, APeerCannotTurnThePolicesWordAwayFromTheCaseItIsAbout) {
  const jv1::CaseFile mine = FileAt(ishoej);
  Offer(mine, "a-case-of-albertslund");
  ASSERT_EQ(Stage(), hv1::HANDOVER_STAGE_OFFERED);
  EXPECT_EQ(RuleOf(Do(world, ishoej, "TakeOverCase", kHandover).status()), "id.in_use");
  EXPECT_EQ(Stage(), hv1::HANDOVER_STAGE_OFFERED);
  const auto version = FileAt(ishoej).security().version();
  ASSERT_TRUE(AssessAnew(vestegnen).ok());
  world.executor.RunUntilIdle();  // who forged answers no more: it is behind what it wrote
  EXPECT_EQ(FileAt(ishoej).security().version(), version + 1) << "precautions arrive";
  EXPECT_TRUE(Do(world, ishoej, "DeclineOffer", kHandover).ok());
}

TEST_F(OfferedAnIdInUse, APeerCannotPutACaseInAnothersPlace) {
  jv1::CaseFile mine = FileAt(ishoej);
  mine.clear_security_id();
  mine.set_overview_id("an-overview-of-albertslund");
  Offer(mine, case_id);
  EXPECT_EQ(RuleOf(Do(world, ishoej, "TakeOverCase", kHandover).status()), "id.in_use");
  const auto seen = GetCase(ishoej, case_id);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->person().cpr_number(), "6101900001");
}

TEST_F(OfferedAnIdInUse, AnOfferUnderTheLastNumberThereIsIsDeclined) {
  Offer(jv1::CaseFile(), "a-case-of-albertslund", ~std::uint64_t{0});
  EXPECT_EQ(Stage(), hv1::HANDOVER_STAGE_OFFER_DECLINED);
}

// The same ids, rightly: in one district the police unit keeps its own, and so does NEC.
class CameBack : public ForgedLettersTest {
 protected:
  CameBack() {
    for (Node* to : {&albertslund, &ishoej}) {
      Node& from = to == &ishoej ? albertslund : ishoej;
      const std::string id = Offered(world, from, case_id, *to);
      EXPECT_TRUE(Do(world, *to, "TakeOverCase", id).ok());
      EXPECT_TRUE(world.Settle());
      if (first.empty()) first = id;
    }
  }
  std::string first;
};

TEST_F(CameBack, ACaseTakesItsIdsOver) {
  EXPECT_EQ(FileAt(ishoej).number(), 3U);
  ASSERT_TRUE(AssessAnew(vestegnen).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(FileAt(ishoej).security().version(), 2U);
  ASSERT_TRUE(Withdraw(ishoej, case_id).ok());
  ASSERT_TRUE(Erase(ishoej, case_id).ok());
  ExpectNothingLeft();
}

// Whoever gave it back answers for it no more: it has nothing erased, not even what was before.
TEST_F(CameBack, FromWhoHasItNoMoreNoOrderCounts) {
  ev1::Body order;
  order.mutable_erasure_ordered()->set_reason(cv1::ERASURE_REASON_CITIZENS_RIGHT);
  Forge(world, {albertslund, ishoej, pv1::CHANNEL_EVIDENCE, first, order});
  for (const auto& file : StatesAt<jv1::CaseFile>(ishoej, "file")) {
    EXPECT_FALSE(file.has_erasure());
  }
  EXPECT_EQ(ishoej.telemetry().LinesOf("letter.refused").back().fields[0].second,
            "erasure.not_the_holder");
}

// Nobody but the holder says that a handover is offered, and the assessment goes to another
// district only once somebody there has accepted the case.
TEST_F(ForgedLettersTest, TheAssessmentWaitsForTheReceiversAcceptance) {
  const auto requested = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(requested.ok());
  ASSERT_TRUE(world.Settle());
  ev1::Body offered;
  offered.mutable_handover_offered();
  Forged(ishoej, vestegnen, requested->handover_id(), offered);
  EXPECT_EQ(FilesAt(vestegnen)[0].transfer().stage(), police::v1::TRANSFER_STAGE_REQUESTED);
  EXPECT_EQ(FilesAt(vestegnen)[0].transfer().transferred_version(), 0U);
  EXPECT_EQ(PlantedAt(fyn), std::vector<std::string>());
  ASSERT_TRUE(Do(world, odense, "AgreeTerms", requested->handover_id()).ok());
  ASSERT_TRUE(Do(world, odense, "AcceptHandover", requested->handover_id()).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(FilesAt(vestegnen)[0].transfer().transferred_version(), 1U) << "it had waited";
}

// Which unit a handover goes to is the directory's to say.
TEST_F(ForgedLettersTest, APoliceUnitOfAnotherDistrictIsNotBelieved) {
  const jv1::CaseFile mine = FileAt(ishoej);
  ev1::Body body = Requested("");
  hv1::HandoverRequested& told = *body.mutable_handover_requested();
  told.set_security_id(mine.security_id());
  told.set_receiver(albertslund.id());
  told.set_police(vestegnen.id());
  told.set_receiving_police(fyn.id());
  Forged(ishoej, vestegnen, "to-fyn", body);
  EXPECT_FALSE(FilesAt(vestegnen)[0].has_transfer());
  told.clear_security_id();
  told.set_police(fyn.id());
  told.set_receiving_police(vestegnen.id());
  Forged(ishoej, vestegnen, "from-fyn", body);
  EXPECT_EQ(FilesAt(vestegnen).size(), 1U);
  // Nor at who is asked: precautions would be another district's, and its own would not be heard.
  told.set_police(vestegnen.id());
  told.set_receiving_police(fyn.id());
  Forged(ishoej, albertslund, "within", body);
  EXPECT_TRUE(absl::IsNotFound(GetHandover(albertslund, "within").status()));
  for (Node* node : {&vestegnen, &albertslund}) {
    for (const auto& line : node->telemetry().LinesOf("letter.refused")) {
      EXPECT_EQ(line.fields[0].second, "letter.not_the_districts_police");
    }
  }
  EXPECT_EQ(vestegnen.telemetry().LinesOf("letter.refused").size(), 2U);
  EXPECT_EQ(albertslund.telemetry().LinesOf("letter.refused").size(), 1U);
}

TEST_F(ForgedLettersTest, WhoIsOnlyAskedHasNothingErased) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  ev1::Body order;
  order.mutable_erasure_ordered()->set_reason(cv1::ERASURE_REASON_CITIZENS_RIGHT);
  order.mutable_erasure_ordered()->set_number(2);
  order.mutable_erasure_ordered()->set_passed_on(true);
  Forge(world, {odense, fyn, pv1::CHANNEL_EVIDENCE, id, order});
  Forge(world,
        {odense, desk, pv1::CHANNEL_EVIDENCE, FileAt(ishoej).handovers(0).contact_id(), order});
  EXPECT_EQ(FilesAt(fyn).size(), 1U);
  EXPECT_EQ(MonitoredAtTheDesk(), 1U);
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(FilesAt(fyn).size(), 1U);
  EXPECT_EQ(FilesAt(fyn)[0].standing(), police::v1::POLICE_STANDING_RECEIVING);
  EXPECT_EQ(MonitoredAtTheDesk(), 1U);
}

TEST_F(ForgedLettersTest, WhoWasAskedForNothingHasNothingErasedAtAFormerUnit) {
  const std::string rejected = Accepted(world, ishoej, case_id, albertslund);
  ASSERT_TRUE(Do(world, albertslund, "RejectHandover", rejected).ok());
  ASSERT_TRUE(world.Settle());
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(FilesAt(vestegnen)[0].standing(), police::v1::POLICE_STANDING_FORMER);
  ev1::Body order;
  order.mutable_erasure_ordered()->set_reason(cv1::ERASURE_REASON_CITIZENS_RIGHT);
  order.mutable_erasure_ordered()->set_passed_on(true);
  Forge(world, {albertslund, vestegnen, pv1::CHANNEL_EVIDENCE, rejected, order});
  EXPECT_EQ(FilesAt(vestegnen).size(), 1U);
  EXPECT_EQ(vestegnen.telemetry().LinesOf("letter.refused").back().fields[0].second,
            "erasure.not_the_holder");
}

// Whoever has let the case go: the holder in charge corrects whom it is about, and its revocation
// is noted, as what was asked for on consent was read before the case moved.
TEST_F(ForgedLettersTest, WhoHasLetTheCaseGoNamesNobodyAnewAndBlocksNoName) {
  const std::string id = Offered(world, ishoej, case_id, albertslund);
  ASSERT_TRUE(Do(world, albertslund, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  const auto before = FilesAt(vestegnen)[0].person();
  const std::string security_id = FilesAt(vestegnen)[0].security_id();
  ev1::Body correction;
  correction.mutable_correction_issued()->set_correction_id("a-correction");
  correction.mutable_correction_issued()->add_categories(pv1::CATEGORY_CPR_NUMBER);
  correction.mutable_correction_issued()->mutable_person()->set_cpr_number("6101900099");
  Forge(world, {ishoej, vestegnen, pv1::CHANNEL_CASE, security_id, correction});
  ev1::Body revoked;
  *revoked.mutable_consent_revoked()->mutable_revoked() =
      exchange::ToProto(world.domain_clock.Now());
  Forge(world, {ishoej, vestegnen, pv1::CHANNEL_CASE, security_id, revoked});
  EXPECT_THAT(FilesAt(vestegnen)[0].person(), Is(before));
  EXPECT_EQ(FilesAt(vestegnen)[0].naming(), police::v1::NAMING_NAMED);
}

TEST_F(ForgedLettersTest, TheUnitThatLetTheCaseGoDoesNotOverruleOneThatHasAssessedSince) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(AssessAnew(fyn).ok());
  ASSERT_TRUE(world.Settle());
  const auto before = FilesAt(fyn)[0];
  ev1::Body body;
  body.mutable_security_assessment_transferred()->mutable_person()->set_cpr_number("6101900099");
  body.mutable_security_assessment_transferred()->mutable_assessment()->set_version(9);
  Forge(world, {vestegnen, fyn, pv1::CHANNEL_SECURITY, id, body});
  EXPECT_EQ(FilesAt(fyn)[0].person().cpr_number(), before.person().cpr_number());
  EXPECT_EQ(FilesAt(fyn)[0].assessment().version(), before.assessment().version());
}

// Higher ones still are no value of the field, and refused as such.
constexpr std::uint64_t kTooHigh = exchange::kNumberMax + 1;

TEST_F(ForgedLettersTest, NoNumberIsSoHighThatNoneComesAfterIt) {
  const std::string overview = "an-entry-of-albertslund";
  ev1::Body body;
  body.mutable_visitation_decided()->set_number(kTooHigh);
  Forge(world, {albertslund, nec, pv1::CHANNEL_NEC, overview, body});
  EXPECT_TRUE(OnlyEntry(nec).ok()) << "only Ishøj's";
  body.mutable_agreement_signed()->set_number(kTooHigh);
  Forge(world, {albertslund, nec, pv1::CHANNEL_NEC, FileAt(ishoej).overview_id(), body});
  const auto refused = nec.telemetry().LinesOf("letter.refused");
  ASSERT_EQ(refused.size(), 2U);
  for (const auto& line : refused) {
    EXPECT_EQ(line.fields[0].second, "letter.number_out_of_range");
  }
}

}  // namespace
}  // namespace exitbus::simulation
