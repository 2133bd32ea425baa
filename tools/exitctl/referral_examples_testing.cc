// Of referrals by letter.
#include "tools/exitctl/command_examples_testing.h"

namespace exitbus::exitctl {

const std::vector<Example>& ReferralExamples() {
  static const auto* examples = new std::vector<Example>{
      {{"referral", "send", "--to", "municipality-0183", "--cpr", "0101701234", "--name", "N N",
        "--way", "phone", "--where", "12345678", "--urgency", "urgent", "--agreed", "2026-05-01"},
       R"({"municipality":"municipality-0183","referral":{"person":{"cpr_number":"0101701234",)"
       R"("name":"N N"},"reach":{"way":"CONTACT_WAY_PHONE","details":"12345678"},)"
       R"("urgency":"REFERRAL_URGENCY_URGENT","basis":{"agreed":"2026-05-01T00:00:00Z"}}})"},
      {{"referral", "send", "--to", "municipality-0183", "--cpr", "0101701234", "--name", "N N",
        "--way", "digital-post", "--urgency", "ordinary", "--on", "P", "--unasked", "outweighs"},
       R"({"municipality":"municipality-0183","referral":{"person":{"cpr_number":"0101701234",)"
       R"("name":"N N"},"reach":{"way":"CONTACT_WAY_DIGITAL_POST"},)"
       R"("urgency":"REFERRAL_URGENCY_ORDINARY","basis":{"paragraph":"P",)"
       R"("unasked":"UNASKED_REASON_OUTWEIGHS"}}})"},
      {{"referral", "sent", "--all"}, R"({"page_size":200})"},
      {{"referral", "sent-account", "r"}, R"({"referral_id":"r","page_size":200})"},
      {{"referral", "list"}, R"({"page_size":200,"open_only":true})"},
      {{"referral", "open", "r", "--lives-at", "A"},
       R"({"current_address":"A","referral_id":"r"})"},
      {{"referral", "return", "r", "in-a-course"},
       R"({"referral_id":"r","ground":"RETURN_GROUND_IN_A_COURSE"})"},
      {{"referral", "account", "r"}, R"({"referral_id":"r","page_size":200})"},
      {{"watch", "referrals"}, "{}"},
      {{"watch", "sent-referrals"}, "{}"},
  };
  return *examples;
}

}  // namespace exitbus::exitctl
