// The citizen's one contact person: who takes part sees who it is, the citizen too, and nobody
// else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/algorithm/container.h"
#include "exitbus/casework/v1/intake_service.pb.h"
#include "tests/simulation/intake_world.h"
#include "tests/simulation/supervision_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kReached[] = "canary-contact 12345678";

class ContactPersonTest : public testing::Test, protected SupervisionWorld {
 protected:
  std::string Name(Node& node, const std::string& id, const Node& of) {
    cv1::NameContactPersonRequest request;
    request.mutable_contact_person()->set_authority(of.id());
    request.mutable_contact_person()->set_function(policy::v1::FUNCTION_CASE_OFFICER);
    request.mutable_contact_person()->set_reached_by(kReached);
    return Do<cv1::NameContactPersonRequest, cv1::NameContactPersonResponse>(
        node, id, kCaseMethods + "NameContactPerson", request);
  }
  std::string SeenBy(const char* function, const std::string& id) {
    const Speaking unit(ishoej, function, "employee-9");
    cv1::GetCaseRequest request;
    request.set_case_id(id);
    return BytesOf(ishoej.Ask(kCaseMethods + "GetCase", request));
  }
  std::string At(Node& police) { return OnlyFile(police)->contact_person().authority(); }
};

TEST_F(ContactPersonTest, WhoTakesPartAndTheCitizenSeeWhoItIs) {
  const std::string id = Released();
  ASSERT_TRUE(AskPolice(world, ishoej, id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Name(ishoej, id, odense), "contact_person.not_a_party");
  ASSERT_EQ(Name(ishoej, id, vestegnen), "");
  EXPECT_EQ(At(vestegnen), vestegnen.id());
  EXPECT_EQ(Supervised().contact_person().authority(), vestegnen.id());
  ASSERT_EQ(Name(ishoej, id, ishoej), "") << "each change is told";
  EXPECT_EQ(At(vestegnen), ishoej.id());
  EXPECT_EQ(Supervised().contact_person().authority(), ishoej.id());
  cv1::GetForCitizenRequest request;
  request.set_case_id(id);
  EXPECT_THAT(BytesOf(ishoej.Ask("exitbus.casework.v1.IntakeService.GetForCitizen", request)),
              HasSubstr(kReached));
  ExpectNothingRefused();
}

// That the police take part is nothing to a unit that works on the case.
TEST_F(ContactPersonTest, AUnitDoesNotSeeIt) {
  const std::string id = EnrolledCase(world, ishoej);
  ASSERT_TRUE(AskPolice(world, ishoej, id).ok());
  ASSERT_EQ(Name(ishoej, id, vestegnen), "");
  ASSERT_TRUE(Involve(world, ishoej, id, policy::v1::FUNCTION_JOBCENTRE).ok());
  EXPECT_THAT(SeenBy("jobcentre", id), Not(HasSubstr(vestegnen.id())));
  EXPECT_THAT(SeenBy("jobcentre", id), Not(HasSubstr("canary-contact")));
  EXPECT_THAT(SeenBy("exit-coordinator", id), HasSubstr("canary-contact"));
}

TEST_F(ContactPersonTest, WhoComesInLaterIsTold) {
  const std::string id = EnrolledCase(world, ishoej);
  ASSERT_EQ(Name(ishoej, id, ishoej), "");
  ASSERT_TRUE(AskPolice(world, ishoej, id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(At(vestegnen), ishoej.id());
  ASSERT_EQ(Supervise(ishoej, id, kif), "");
  EXPECT_EQ(Supervised().contact_person().authority(), ishoej.id());
  ExpectNothingRefused();
}

// Who still takes part stays; who has let the case go is nobody's contact, and sees none.
TEST_F(ContactPersonTest, OnceTheCaseHasMovedItIsWhoStillTakesPart) {
  const std::string id = EnrolledCase(world, ishoej);
  ASSERT_EQ(Supervise(ishoej, id, kif), "");
  ASSERT_EQ(Name(ishoej, id, kif), "");
  TakenOver(ishoej, id, odense);
  EXPECT_EQ(GetCase(odense, id)->contact_person().authority(), kif.id());
  EXPECT_FALSE(GetCase(ishoej, id)->has_contact_person());
  ASSERT_EQ(Name(odense, id, odense), "");
  EXPECT_EQ(Supervised().contact_person().authority(), odense.id());
  EXPECT_FALSE(GetCase(ishoej, id)->has_contact_person());
  ExpectNothingRefused();
}

TEST_F(ContactPersonTest, OneOfTheAuthorityThatLetsGoIsNobodysAnyMore) {
  const std::string id = EnrolledCase(world, ishoej);
  ASSERT_TRUE(AskPolice(world, ishoej, id).ok());
  ASSERT_EQ(Supervise(ishoej, id, kif), "");
  ASSERT_EQ(Name(ishoej, id, ishoej), "");
  TakenOver(ishoej, id, albertslund);  // in the same district
  EXPECT_FALSE(GetCase(albertslund, id)->has_contact_person());
  EXPECT_EQ(At(vestegnen), "");
  EXPECT_FALSE(Supervised().has_contact_person());
  ASSERT_EQ(Name(albertslund, id, albertslund), "");
  EXPECT_EQ(At(vestegnen), albertslund.id());
  EXPECT_EQ(Supervised().contact_person().authority(), albertslund.id());
  ExpectNothingRefused();
}

// One fixed person through the prison's gate.
TEST_F(ContactPersonTest, WhoReleasesHimAndSupervisesHimGoesOnAsHisContact) {
  const std::string id = EnrolledCase(world, kif);
  ASSERT_EQ(Name(kif, id, kif), "");
  TakenOver(kif, id, ishoej);
  EXPECT_EQ(GetCase(ishoej, id)->contact_person().authority(), kif.id());
  EXPECT_EQ(Supervised().contact_person().authority(), kif.id());
}

TEST_F(ContactPersonTest, WhoTakesPartNoMoreIsNobodysContactAndAnotherIsToBeNamed) {
  const std::string id = EnrolledCase(world, ishoej);
  ASSERT_TRUE(AskPolice(world, ishoej, id).ok());
  ASSERT_EQ(Supervise(ishoej, id, kif), "");
  ASSERT_EQ(Name(ishoej, id, kif), "");
  EXPECT_EQ(At(vestegnen), kif.id());
  ASSERT_EQ(EndSupervision(ishoej, id), "");
  const Case seen = *GetCase(ishoej, id);
  EXPECT_FALSE(seen.has_contact_person());
  EXPECT_EQ(At(vestegnen), "");
  EXPECT_TRUE(absl::c_any_of(seen.next_acts(), [](const cv1::NextAct& act) {
    return act.kind() == cv1::NEXT_ACT_KIND_NAME_CONTACT_PERSON;
  }));
}

}  // namespace
}  // namespace exitbus::simulation
