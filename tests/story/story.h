// The story: a case leaves prison, reaches a municipality, whose police assess its safety, moves to
// another one, police to police, and goes back into custody, with NEC told. Meanwhile one handover
// is refused, one recalled, one left unanswered; the broker loses its disk, a process is killed, an
// authority is suspended. Every outcome is checked.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "exitbus/police/v1/stay.pb.h"
#include "tests/story/actors.h"
#include "tests/story/books.h"
#include "tests/story/deployment.h"
#include "tests/story/narrator.h"
#include "tests/story/relocation_calls.h"
#include "tests/story/watch.h"

namespace exitbus::story {

// Where in a handover a call has just been answered, and its letters may not have left yet.
enum class Moment { kRequested, kAgreed, kAccepted, kOffered, kTakenOver, kAcknowledged };

// What is killed with kill -9 at which moments. The broker loses its log folder too.
struct Crashes {
  std::set<Moment> broker;
  std::set<Moment> receiver;
  absl::Duration after;  // how long after the answer
};

class Story {
 public:
  // For a person made up anew. `deployment` is started; all outlive the story.
  static absl::StatusOr<std::unique_ptr<Story>> Make(Deployment* deployment, Narrator* narrator,
                                                     Listener* listener = nullptr);

  // All chapters and the account at the end. An error says what failed.
  absl::Status Play();
  // Only a case of Ishøj's that moves to Odense under these crashes, and both ends compared.
  absl::Status PlayRelocation(const Crashes& crashes);
  // Only a whole course at Ishøj, from the referral to two years after its end.
  absl::Status PlayCourse();
  // Only from custody to a municipality, by a release that moves and then vanishes.
  absl::Status PlayParole();

 private:
  friend class ParoleStory;  // the chapters of PlayParole

  struct Handing {
    Actor* holder;
    Actor* receiver;
    std::string id;
  };
  // The police unit in charge of the person's security, and its file.
  struct Unit {
    Actor* police = nullptr;
    std::string file;
    std::uint32_t version = 0;  // of the assessment
  };

  Story(Deployment* deployment, Narrator* narrator, Listener* listener);

  // Chapters.
  absl::Status InCustody();
  absl::Status Release();
  absl::Status Intake();
  absl::Status Security();
  absl::Status Money();
  absl::Status Relocation(const Crashes& crashes);
  absl::Status Refusals();
  absl::StatusOr<Handing> Suspension();  // leaves a handover open, its terms objected to
  absl::Status NoAnswer(const Handing& handing);
  absl::Status BackToCustody();
  absl::Status CitizensRights();
  absl::Status Account();
  // Those of a whole course.
  absl::Status Course();
  absl::Status FollowUps();

  // Each reader has heard where the course stands.
  absl::Status CourseIs(cv1::CaseStage stage, bool paused, cv1::EndCode end);

  // Steps of a handover, from request to close. Each ends when both sides have seen it.
  absl::StatusOr<Handing> Request(Actor* holder, Actor* receiver, hv1::HandoverReason reason);
  absl::Status Agree(const Handing& handing);
  absl::Status Accept(const Handing& handing);
  absl::Status Offer(const Handing& handing, absl::Time earliest);
  absl::Status TakeOver(const Handing& handing);
  absl::Status Finish(const Handing& handing);
  absl::Status ObjectAndAmend(const Handing& handing);
  // The next version, with another length of the last measure.
  absl::Status SignNext(Actor* holder, std::uint32_t months);
  absl::Status Propose(const Handing& handing, std::uint32_t version);
  absl::Status Reject(const Handing& handing, hv1::RejectionCode why);
  absl::Status Recall(const Handing& handing);
  // The failed handover's end at the receiver and its confirmation at the holder.
  absl::Status AwaitErasure(const Handing& handing, hv1::HandoverStage stage);

  // Steps about the relocation that `holder` proposes: what it needs before the move.
  absl::Status Nomination(Actor* holder);
  absl::Status ProposeRelocation(Actor* holder);
  absl::Status Nominate(Actor* holder, rlv1::LeavingGround leaving, std::uint32_t version);
  absl::Status AssessNeed(Actor* holder, rlv1::AssessmentOutcome outcome,
                          rlv1::RelocationStage stage);
  absl::Status FindSafePlace();
  absl::Status AskForRoom();
  absl::Status HearCitizen(Actor* holder);
  absl::Status DecidePlace(Actor* holder);
  absl::Status MeetPerson(const Handing& handing);
  absl::Status FinalYes(Actor* receiver);
  absl::Status Depart(const Handing& handing);
  absl::Status BeMissed(const Handing& handing);
  absl::Status GiveAddressNotice(const Handing& handing);
  absl::Status SecureAddress(const Handing& handing);
  absl::Status RegisterMove(const Handing& handing);
  absl::Status Arrive(const Handing& handing);
  absl::Status AwaitJourney(const Handing& handing, absl::Time since, const std::string& what,
                            bool (*holds)(const rlv1::Journey&));
  absl::Status RelocationIsCompleted(Actor* former, absl::Time since);
  absl::Status InquiryIsOver(absl::Time since);

  // Steps about a temporary place: from the emergency until the person has moved for good.
  absl::Status AwayTonight(Actor* holder);
  absl::Status HearWhereHeIs(Actor* holder, absl::Time since);
  absl::Status BeKeptSafe();
  absl::Status LeaveTheShelter();

  // Steps about security. In a handover between districts: when it is requested, when it is
  // accepted, when the case has moved.
  Actor* ErasureScopeOf(const Actor* authority) const;  // its district's
  absl::Status Assess(Actor* holder);  // the next version, told to the holder and read
  absl::Status AwaitTold(Actor* holder, absl::Time since);
  absl::Status Read(Actor* holder);
  absl::Status MeetUnit(const Handing& handing);
  absl::Status TransferAssessment(const Handing& handing);
  absl::Status ChangeUnit(const Handing& handing);
  plv1::SecurityAssessment AssessmentOf(std::uint32_t version) const;
  // What the holder of an offered case learns meanwhile.
  std::string LateFactOf(const Actor* holder) const;
  // As the listener would have it said.
  template <class Said>
  Said Worded(Said said) const {
    if (listener_ != nullptr) listener_->Word(said);
    return said;
  }

  absl::Status LettersArePaused(const Handing& handing);
  absl::StatusOr<std::string> Escalate(const Handing& handing);  // the desk's id of it

  absl::Status Crash(Moment moment, const Handing& handing);
  // Open and consent; visitation; agreement; all in the municipality's own programme.
  absl::Status OpenAt(Actor* holder, cv1::Programme programme, const std::string& referral = "");
  absl::Status VisitAt(Actor* holder);
  absl::Status EnrolAt(Actor* holder);
  absl::Status BeginAt(Actor* holder);
  // The evidence at both sides names one and the same authority, before and after the take-over.
  absl::Status CheckEvidence(const Handing& handing, absl::Time before);
  absl::Status CheckNec(Actor* holder, std::uint64_t number, absl::Time since);
  // That NEC counts the person where the case is.
  absl::Status CheckCount(Actor* holder);
  absl::Status CheckStillHolds(const Handing& handing);
  absl::Status CheckRefusal(const absl::Status& status, const std::string& rule);
  absl::Status CheckNothingInTheClear();
  absl::StatusOr<std::vector<std::string>> Row(const Member& member, const Books& books);
  absl::StatusOr<std::vector<std::string>> Known(const Member& member);
  absl::Status CountParts();

  Deployment* const deployment_;
  Narrator* const say_;
  Listener* const listener_;
  std::unique_ptr<Actor> kif_, ishoj_, odense_;
  std::unique_ptr<Actor> nec_;
  std::unique_ptr<Actor> vestegnen_;
  std::unique_ptr<Actor> fyn_;
  std::unique_ptr<Actor> desk_;
  std::unique_ptr<Actor> register_, jobcentre_;  // Odense's population register, Ishøj's jobcentre
  cv1::Person person_;
  cv1::Person child_;  // his
  cv1::Person another_;
  std::string address_, health_;
  std::string environment_, risk_;  // the police's own
  std::string case_id_;
  std::string overview_id_;
  std::string relocation_;             // the request's id
  std::string inquiry_;                // Odense's, for it
  std::string notice_;                 // to Odense's population register
  plv1::Stay stay_;                    // at the unit that placed him
  std::string hosted_;                 // by this id the unit there knows of it
  std::uint32_t received_before_ = 0;  // how many Odense had received
  std::uint64_t number_ = 0;           // of responsibility, as it should be
  Unit in_charge_;
  Crashes crashes_;
};

}  // namespace exitbus::story
