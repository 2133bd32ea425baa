// What may come of a person at a temporary place: the rows of stay.table.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "services/exchange/deciding_testing.h"
#include "services/police/security_files.h"
#include "tests/tables/inputs.h"

namespace exitbus::police {

namespace pv1 = policy::v1;
using exchange::DirectoryEntry;
using exchange::kDesk;
using exchange::kFyn;
using exchange::kIshoej;
using exchange::kVestegnen;
using exchange::Of;
using tables::Inputs;

inline constexpr char kStay[] = "stay_id: \"fresh\" ";
inline const DirectoryEntry kAlbertslund{
    "municipality-0165", pv1::AUTHORITY_KIND_MUNICIPALITY, "", "0165", "", "", "1469"};

inline const DirectoryEntry kFormer{
    "municipality-0169", pv1::AUTHORITY_KIND_MUNICIPALITY, "", "0169", "", "", "1469"};

inline exchange::LetterPlace From(const DirectoryEntry& sender, const std::string& subject) {
  return {sender.id, pv1::CHANNEL_SECURITY, subject, 1, sender.kind};
}

inline std::string Until(int days) {
  return absl::StrCat(
      "until { seconds: ", absl::ToUnixSeconds(exchange::Deciding::Now() + days * absl::Hours(24)),
      " } ");
}

// Placed as an officer says it, but for what is named.
struct Placing {
  std::string municipality = "0461", address = "Skjulestedet 7", kind = "SAFE_HOUSE",
              payer = "POLICE";
  int days = 20, applied_dkk = 20000;
  operator std::string() const {  // NOLINT: it is what a request says
    return absl::StrCat("security_id: \"the-file\" municipality: \"", municipality,
                        "\" address: \"", address, "\" kind: STAY_PLACE_KIND_", kind,
                        " payer: STAY_PAYER_", payer, " ", Until(days),
                        "applied_dkk: ", applied_dkk);
  }
};

inline void AddPlacing(Inputs& all) {
  const std::string place = "PlaceTemporarily";
  all.Command(place, Placing{})
      .Command(place + ", without the pool", Placing{.applied_dkk = 0})
      .Command(place + ", in this district", Placing{.municipality = "0165"})
      .Command(place + ", nowhere", Placing{.municipality = "9999"})
      .Command(place + ", where it is not clear", Placing{.municipality = "0751"})
      .Command(place + ", without an address", Placing{.address = ""})
      .Command(place + ", without a kind", Placing{.kind = "UNSPECIFIED"})
      .Command(place + ", without a payer", Placing{.payer = "UNSPECIFIED"})
      .Command(place + ", for 61 days", Placing{.days = 61})
      .Command(place + ", until yesterday", Placing{.days = -1})
      .Command(place + ", above the cap", Placing{.applied_dkk = 1000001});
}

inline void AddActs(Inputs& all) {
  const std::string extend = "ExtendStay", end = "EndStay";
  all.Command(extend, absl::StrCat(kStay, Until(30)))
      .Command(extend + ", with the pool", absl::StrCat(kStay, Until(30), "applied_dkk: 9000 "))
      .Command(extend + ", to an earlier day", absl::StrCat(kStay, Until(2)))
      .Command(extend + ", for 61 days", absl::StrCat(kStay, Until(61)))
      .Command(end, absl::StrCat(kStay, "end: STAY_END_HOME"))
      .Command(end + ", by mistake", absl::StrCat(kStay, "end: STAY_END_ERROR"))
      .Command(end + ", nobody was placed", absl::StrCat(kStay, "end: STAY_END_NOT_PLACED"))
      .Command(end + ", without a word", kStay)
      .Command("WithdrawStayApplication", absl::StrCat(kStay,
                                                       "application_id: \"fresh\" reason: "
                                                       "POOL_WITHDRAWAL_REASON_ALTERNATIVE_FOUND"))
      .Command("WithdrawStayApplication, without a reason",
               absl::StrCat(kStay, "application_id: \"fresh\""))
      .Command("ReturnStayAccount",
               absl::StrCat(kStay, "application_id: \"fresh\" spent_dkk: 15000"))
      .Command("ReturnStayAccount, of another application",
               absl::StrCat(kStay, "application_id: \"another\" spent_dkk: 15000"));
}

inline void AddLetters(Inputs& all) {
  const std::string answered = "<StayAnswered, ", decided = "<PoolApplicationDecided, ";
  const auto answer = [](const std::string& safety, int version) {
    return absl::StrCat("answer: PLACE_SAFETY_", safety, " version: ", version,
                        " answered_by: \"an officer\"");
  };
  const exchange::LetterPlace host = From(kFyn, "fresh"), desk = From(kDesk, "fresh");
  all.Message("<TemporaryRelocationRequested", kStay)
      .Message("<TemporaryRelocationRequested, another one", "stay_id: \"requested\"")
      .Message("<TemporaryRelocationRequested, without an id", "")
      .MessageFrom(From(kFormer, "the-file"), "<TemporaryRelocationRequested, by a former holder",
                   "stay_id: \"requested\"")
      .MessageFrom(From(kAlbertslund, "the-file"), "<TemporaryRelocationRequested, by a stranger",
                   "stay_id: \"requested\"")
      .MessageFrom(host, answered + "clear", answer("CLEAR", 1))
      .MessageFrom(host, answered + "not safe", answer("NOT_POSSIBLE", 1))
      .MessageFrom(host, answered + "not known", answer("UNKNOWN", 1))
      .MessageFrom(host, answered + "of a later version", answer("CLEAR", 9))
      .MessageFrom(host, answered + "all is erased", "erased: true")
      .MessageFrom(From(kAlbertslund, "fresh"), answered + "by a stranger", answer("CLEAR", 1))
      .MessageFrom(desk, decided + "granted", "granted_dkk: 20000")
      .MessageFrom(desk, decided + "refused", "refusal: POOL_REFUSAL_CODE_BUDGET_EXHAUSTED")
      .MessageFrom(desk, decided + "refused by its system",
                   "refusal: POOL_REFUSAL_CODE_TOO_MANY_OPEN")
      .MessageFrom(From(kDesk, "second"), decided + "the second one granted", "granted_dkk: 9000")
      .MessageFrom(From(kDesk, "second"), decided + "the second one refused",
                   "refusal: POOL_REFUSAL_CODE_OTHER_FUNDING")
      .MessageFrom(desk, "<PoolGrantPaid", "paid_dkk: 20000")
      .MessageFrom(desk, "<PoolApplicationClosed", "");
}

inline Inputs StayInputs() {
  Inputs all(SecurityFiles(), From(kIshoej, "the-file"));
  AddPlacing(all);
  AddActs(all);
  AddLetters(all);
  return all;
}

}  // namespace exitbus::police
