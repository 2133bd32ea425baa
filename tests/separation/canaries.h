// The planted values: one for each field of a writing method's request that takes free text, so
// that wherever it turns up it says which field of which category it came from.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/separation/contract_walk.h"
#include "tests/story/listener.h"

namespace exitbus::story {

struct Canary {
  std::string value;
  std::string field;  // "exitbus.casework.v1.Visitation.health_needs"
  Label label;
  std::set<std::string> written_by;  // authorities whose service took it in
};

// An answer, and who got it.
struct Heard {
  Member member;  // with the client that heard it
  std::string method;
  std::string bytes;  // of the response, or the error's text and details
  bool ok;
};

// Plants as the story's actors speak, and keeps what they were answered. For one thread.
class Canaries : public Listener {
 public:
  // `series` tells the values of several sets apart: a letter.
  explicit Canaries(char series);

  // Adds each field's value to the text that stands in it; a CPR number stays what it is, and is a
  // planted value itself.
  void Word(google::protobuf::Message& said) override;
  // The same, and every field that is empty gets one too: text the canary, a number 1, an enum its
  // first value, a message all of its own. Ids are left to the caller.
  void WordAll(google::protobuf::Message& request);
  void Answered(const Member& member, const std::string& method,
                const google::protobuf::Message& request,
                const adapters::GrpcClient::Reply& reply) override;
  // What `request` holds was taken in by `authority`.
  void Took(const std::string& authority, const google::protobuf::Message& request);

  const std::vector<Canary>& all() const { return canaries_; }
  std::vector<std::string> values() const;
  // Fields of writing methods' requests that take no text of the caller's.
  const std::set<std::string>& not_plantable() const { return not_plantable_; }
  const std::vector<Heard>& heard() const { return heard_; }

 private:
  void Plan(const google::protobuf::Descriptor& type, std::set<std::string>& seen);
  void WordField(google::protobuf::Message& said, const google::protobuf::FieldDescriptor& field,
                 bool empty_too);
  std::string Planted(const google::protobuf::FieldDescriptor& field, const std::string& text);
  void Fill(google::protobuf::Message& request, int depth);

  const char series_;
  std::vector<Canary> canaries_;
  std::map<std::string, std::size_t> by_field_;
  std::map<std::string, std::size_t> by_number_;  // CPR numbers
  std::set<std::string> not_plantable_;
  std::vector<Heard> heard_;
};

// Nobody's: the day is raised by 60 as in replacement numbers (erstatningspersonnummer).
std::string SyntheticCprNumber(int serial);

}  // namespace exitbus::story
