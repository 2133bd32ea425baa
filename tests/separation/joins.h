// What the opened letters of two readers have in common by which they could join what each knows of
// a case: ids, instants, free text. What a person is called, and the names of authorities, is no
// find here: who may have it is the matrix's to say.
#pragma once

#include <google/protobuf/message.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "exitbus/exchange/v1/letter.pb.h"

namespace exitbus::story {

class Joins {
 public:
  // `known`: names that stand in the directory, for everybody.
  explicit Joins(std::set<std::string> known) : known_(std::move(known)) {}

  void Add(const std::string& reader, const exchange::v1::Letter& letter);

  // Each value that letters to two readers hold, and where.
  const std::vector<std::string>& found() const { return found_; }
  std::size_t values() const { return seen_.size(); }

 private:
  void AddFields(const std::string& reader, const google::protobuf::Message& message);
  void AddValue(const std::string& reader, const std::string& value, const std::string& where);

  struct Place {
    std::string reader;
    std::string where;
  };

  const std::set<std::string> known_;
  std::map<std::string, Place> seen_;
  std::vector<std::string> found_;
};

}  // namespace exitbus::story
