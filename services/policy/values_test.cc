// What a value from outside may be, by its declaration or its type; and that the declarations
// themselves are right.
#include "services/policy/values.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/config/v1/clock.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/policy/v1/value.pb.h"
#include "services/policy/contracts.h"
#include "services/policy/cpr_number.h"

namespace exitbus::policy {
namespace {

namespace cv1 = casework::v1;

std::string PathOf(const google::protobuf::Message& message) {
  const auto fault = FaultIn(message);
  return fault ? fault->path : "";
}

TEST(ValuesTest, AnEmptyMessageAndAnOrdinaryOneHaveNoFault) {
  cv1::SignAgreementRequest request;
  EXPECT_EQ(PathOf(request), "");
  request.set_request_id("8d0c7f0e-0000-4000-8000-000000000001");
  request.set_case_id("case-1");
  cv1::Measure& measure = *request.mutable_agreement()->add_measures();
  measure.set_owner("municipality-0183");
  measure.set_description("job\nand home");
  measure.set_months(6);
  measure.set_type(cv1::MEASURE_TYPE_EMPLOYMENT);
  request.mutable_agreement()->mutable_citizen_signed()->set_seconds(1'770'000'000);
  EXPECT_EQ(PathOf(request), "");
}

TEST(ValuesTest, TheFirstFaultIsNamedByItsPlaceAndNeverByItsValue) {
  cv1::SignAgreementRequest request;
  request.mutable_agreement()->add_measures();
  request.mutable_agreement()->add_measures()->set_description("canary\x1b");
  const auto fault = FaultIn(request);
  ASSERT_TRUE(fault);
  EXPECT_EQ(WordsOf(*fault),
            "Correct agreement.measures[1].description: it has control characters.");
}

TEST(ValuesTest, TextIsTextAndAnIdAnId) {
  cv1::OpenCaseRequest request;
  for (const char* bad : {"\xff", "S\xf8ren", "a\x07", " ", "\u200b", "two\nlines"}) {
    request.mutable_person()->set_name(bad);
    EXPECT_EQ(PathOf(request), "person.name") << bad;
  }
  request.mutable_person()->set_name(std::string(501, 'x'));
  EXPECT_EQ(PathOf(request), "person.name");
  request.mutable_person()->set_name("Søren Ærø");
  EXPECT_EQ(PathOf(request), "");
  for (const char* bad : {"a b", "a/b", "æ", "\xff"}) {
    request.set_request_id(bad);
    EXPECT_EQ(PathOf(request), "request_id") << bad;
  }
  request.set_request_id(std::string(65, 'x'));
  EXPECT_EQ(PathOf(request), "request_id");
}

TEST(ValuesTest, ACprNumberIsOfADayThatThereIs) {
  for (const char* possible :
       {"0101701234", "2902004234", "2902045678", "6101900001", "9112991234", "2902964000"}) {
    EXPECT_TRUE(IsCprNumber(possible)) << possible;
  }
  for (const char* impossible :
       {"", "010170123", "01017012345", "3002701234", "3104701234", "0113701234", "0100701234",
        "0001701234", "2902001234", "2902011234", "2902001a34", "9999999999", "6001701234",
        "9212991234"}) {
    EXPECT_FALSE(IsCprNumber(impossible)) << impossible;
  }
  cv1::OpenCaseRequest request;
  request.mutable_person()->set_cpr_number("3002701234");
  EXPECT_EQ(PathOf(request), "person.cpr_number");
}

TEST(ValuesTest, WhatHappensInACaseLiesInTheYearsOfTheProgrammes) {
  const auto at = [](int year) {
    return absl::ToUnixSeconds(absl::FromCivil(absl::CivilYear(year), absl::UTCTimeZone()));
  };
  cv1::SignAgreementRequest request;
  for (const int year : {1970, 2010, 2100, 2150}) {
    request.mutable_agreement()->mutable_citizen_signed()->set_seconds(at(year));
    EXPECT_EQ(PathOf(request), "agreement.citizen_signed") << year;
  }
  for (const int year : {2011, 2026, 2099}) {
    request.mutable_agreement()->mutable_citizen_signed()->set_seconds(at(year));
    EXPECT_EQ(PathOf(request), "") << year;
  }
  cv1::ChangeDetailsRequest change;
  change.mutable_valid_from()->set_seconds(at(1970));
  EXPECT_EQ(PathOf(change), "");
}

TEST(ValuesTest, EnumsHaveDefinedValuesAndEachOnce) {
  cv1::OpenCaseRequest request;
  for (const int undefined : {-1, 10, 999}) {
    request.set_legal_basis(static_cast<v1::LegalBasis>(undefined));
    EXPECT_EQ(PathOf(request), "legal_basis") << undefined;
  }
  cv1::RecordConsentRequest consent;
  consent.add_covers(v1::AUTHORITY_KIND_POLICE);
  consent.add_covers(v1::AUTHORITY_KIND_POLICE);
  EXPECT_EQ(PathOf(consent), "covers[1]");
}

TEST(ValuesTest, TimesAndNumbersCanBeReckonedWith) {
  cv1::GetResponsibilityRequest request;
  for (const std::int64_t seconds :
       {std::numeric_limits<std::int64_t>::min(), std::int64_t{-62'135'596'801},
        std::int64_t{-2'208'988'801}, std::int64_t{7'258'118'400}, std::int64_t{253'402'300'800},
        std::numeric_limits<std::int64_t>::max()}) {
    request.mutable_instant()->set_seconds(seconds);
    EXPECT_EQ(PathOf(request), "instant") << seconds;
  }
  for (const std::int64_t seconds : {std::int64_t{-2'208'988'800}, std::int64_t{7'258'118'399}}) {
    request.mutable_instant()->set_seconds(seconds);
    EXPECT_EQ(PathOf(request), "") << seconds;
  }
  for (const int nanos : {-1, 1'000'000'000}) {
    request.mutable_instant()->set_nanos(nanos);
    EXPECT_EQ(PathOf(request), "instant") << nanos;
  }
  exchange::v1::Link link;
  link.set_number((std::uint64_t{1} << 53) - 1);
  EXPECT_EQ(PathOf(link), "");
  link.set_number(std::uint64_t{1} << 53);
  EXPECT_EQ(PathOf(link), "number");
  config::v1::DevelopmentClock clock;
  clock.set_rate(std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(PathOf(clock), "rate");
  clock.set_rate(1);
  clock.mutable_offset()->set_seconds(std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(PathOf(clock), "offset");
}

TEST(ValuesTest, ListsAreBoundedAndHoldNoIdTwice) {
  cv1::CorrectCaseRequest request;
  for (int i = 0; i < 200; ++i) request.add_measures();
  EXPECT_EQ(PathOf(request), "");
  request.add_measures();
  EXPECT_EQ(PathOf(request), "measures");
  request.clear_measures();
  request.add_measures()->set_measure_id("m");
  request.add_measures()->set_measure_id("m");
  EXPECT_EQ(PathOf(request), "measures[1]");
}

// `unique` names a string field of the items; nothing is bounded to nothing.
TEST(ValuesTest, WhatIsDeclaredFitsItsField) {
  int declared = 0;
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  for (const auto* contract : AllContracts()) {
    const auto* file = pool->FindFileByName(contract->name());
    for (int m = 0; file != nullptr && m < file->message_type_count(); ++m) {
      for (int f = 0; f < file->message_type(m)->field_count(); ++f) {
        const auto& field = *file->message_type(m)->field(f);
        if (!field.options().HasExtension(v1::value)) continue;
        ++declared;
        const v1::ValuePolicy& value = field.options().GetExtension(v1::value);
        const bool text = field.type() == google::protobuf::FieldDescriptor::TYPE_STRING;
        EXPECT_TRUE(text || value.text() == v1::TEXT_UNSPECIFIED) << field.full_name();
        EXPECT_TRUE(field.is_repeated() || value.items_max() == 0) << field.full_name();
        if (value.unique().empty()) continue;
        ASSERT_NE(field.message_type(), nullptr) << field.full_name();
        const auto* named = field.message_type()->FindFieldByName(value.unique());
        ASSERT_NE(named, nullptr) << field.full_name();
        EXPECT_EQ(named->type(), google::protobuf::FieldDescriptor::TYPE_STRING);
        EXPECT_FALSE(named->is_repeated());
      }
    }
  }
  EXPECT_GT(declared, 15);
}

}  // namespace
}  // namespace exitbus::policy
