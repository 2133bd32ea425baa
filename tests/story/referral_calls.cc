#include "tests/story/referral_calls.h"

#include <utility>

#include "exitbus/referral/v1/received_referral_service.pb.h"
#include "exitbus/referral/v1/referral_service.pb.h"
#include "services/exchange/proto_time.h"
#include "tests/story/calls.h"
#include "tests/story/checks.h"

namespace exitbus::story {
namespace {

namespace rv1 = referral::v1;

constexpr std::string_view kSending = "exitbus.referral.v1.ReferralService.";
constexpr std::string_view kReceiving = "exitbus.referral.v1.ReceivedReferralService.";

rv1::ReferCitizenRequest RequestFor(const cv1::Person& person, const Actor& to) {
  rv1::ReferCitizenRequest request;
  request.set_municipality(to.id());
  rv1::Referral& referral = *request.mutable_referral();
  *referral.mutable_person() = person;
  referral.mutable_reach()->set_way(cv1::CONTACT_WAY_PHONE);
  referral.mutable_reach()->set_details("Ring aften (opdigtet)");
  referral.set_urgency(rv1::REFERRAL_URGENCY_ORDINARY);
  return request;
}

absl::StatusOr<rv1::ReceivedReferral> Received(Actor& at, const std::string& referral_id) {
  rv1::GetReceivedReferralRequest request;
  request.set_referral_id(referral_id);
  return at.Ask<rv1::ReceivedReferral>(In(kReceiving, "GetReceivedReferral"), request);
}
absl::StatusOr<rv1::SentReferral> Sent(Actor& at, const std::string& referral_id) {
  rv1::GetSentReferralRequest request;
  request.set_referral_id(referral_id);
  return at.Ask<rv1::SentReferral>(In(kSending, "GetSentReferral"), request);
}

}  // namespace

absl::StatusOr<std::string> Refer(Actor& sender, const cv1::Person& person, const Actor& to,
                                  absl::Time agreed) {
  rv1::ReferCitizenRequest request = RequestFor(person, to);
  *request.mutable_referral()->mutable_basis()->mutable_agreed() = exchange::ToProto(agreed);
  ASSIGN_OR_RETURN(const auto sent, sender.Change<rv1::SentReferral>(In(kSending, "ReferCitizen"),
                                                                     std::move(request)));
  return sent.referral_id();
}

absl::Status AwaitReferral(Narrator& say, Actor& sender, Actor& municipality,
                           const std::string& referral_id) {
  const auto arrived = Await<rv1::ReceivedReferral>(
      [&] { return Received(municipality, referral_id); }, sender.sent(), "the referral is there",
      [](const rv1::ReceivedReferral&) { return true; });
  RETURN_IF_ERROR(arrived.status());
  say.Hop(Nick(&sender), Nick(&municipality), "CaseReferred, on the citizen's consent",
          arrived->took);
  say.Sees(Nick(&municipality), ShownIn(arrived->view));
  return Check(arrived->view.sender() == sender.id() && arrived->view.has_due(),
               "it is known who referred him, and by when it is answered", arrived->view);
}

absl::StatusOr<cv1::Case> OpenFrom(Actor& municipality, const std::string& referral_id,
                                   const std::string& address, cv1::Programme programme) {
  cv1::OpenCaseRequest request;
  request.set_referral_id(referral_id);
  request.set_current_address(address);
  request.set_programme(programme);
  return municipality.Change<cv1::Case>(In(kCaseService, "OpenCase"), std::move(request));
}

absl::Status AwaitOutcome(Narrator& say, Actor& sender, Actor& municipality,
                          const std::string& referral_id, rv1::ReferralOutcome outcome) {
  const auto heard = Await<rv1::SentReferral>(
      [&] { return Sent(sender, referral_id); }, municipality.sent(), "the answer is there",
      [&](const rv1::SentReferral& seen) { return seen.outcome() == outcome; });
  RETURN_IF_ERROR(heard.status());
  say.Hop(Nick(&municipality), Nick(&sender), "ReferralAnswered, a code and the day", heard->took);
  ASSIGN_OR_RETURN(const rv1::ReceivedReferral there, Received(municipality, referral_id));
  return Check(!heard->view.has_referral() && !there.has_referral(),
               "of who was referred both have erased all", heard->view);
}

absl::Status ReferralsAreAnswered(Narrator& say, Actor& sender, Actor& municipality,
                                  const cv1::Person& person, absl::Time today) {
  say.Chapter("Referrals by letter: Vestegnen refers somebody to Ishøj");
  const auto without = sender.Change<rv1::SentReferral>(In(kSending, "ReferCitizen"),
                                                        RequestFor(person, municipality));
  if (RuleOf(without.status()) != "referral.basis_required") {
    return absl::InternalError("a referral without a basis was not refused by that rule");
  }
  say.Did(Nick(&sender), "may not refer him without a basis: he is given the number to call",
          sender.took());
  ASSIGN_OR_RETURN(const std::string first, Refer(sender, person, municipality, today));
  say.Did(Nick(&sender), "refers him, who agrees to it", sender.took());
  RETURN_IF_ERROR(AwaitReferral(say, sender, municipality, first));
  rv1::ReturnReferralRequest request;
  request.set_referral_id(first);
  request.set_ground(rv1::RETURN_GROUND_NOT_REACHED);
  RETURN_IF_ERROR(
      municipality
          .Change<rv1::ReceivedReferral>(In(kReceiving, "ReturnReferral"), std::move(request))
          .status());
  say.Did(Nick(&municipality), "returns it: not reached", municipality.took());
  RETURN_IF_ERROR(
      AwaitOutcome(say, sender, municipality, first, rv1::REFERRAL_OUTCOME_NOT_REACHED));
  ASSIGN_OR_RETURN(const std::string second, Refer(sender, person, municipality, today));
  say.Did(Nick(&sender), "refers him anew, by another way", sender.took());
  return AwaitReferral(say, sender, municipality, second);
}

}  // namespace exitbus::story
