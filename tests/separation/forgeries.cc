#include "tests/separation/forgeries.h"

#include "absl/strings/str_cat.h"
#include "adapters/sodium/sodium_crypto.h"
#include "tests/e2e/environment.h"
#include "tests/separation/forger.h"

namespace exitbus::story {
namespace {

constexpr char kToOdenseUrgent[] = "exitbus.v1.security.municipality.0461";
constexpr char kToNec[] = "exitbus.v1.nec.nec.national";
constexpr char kBadSignature[] = "bad_signature";

const Member& Ishoj() { return MemberNamed(kIshoj); }
const Member& Odense() { return MemberNamed(kOdense); }

}  // namespace

std::vector<Forgery> Altered(const WireRecord& real) {
  std::vector<Forgery> forgeries;
  const auto at_odense = [&](const std::string& what, WireRecord record,
                             const std::string& reason = kBadSignature) {
    forgeries.push_back({what, kToOdense, std::move(record), &Odense(), reason});
  };
  for (const auto& [name, value] : real.headers) {
    at_odense("header " + name, WithHeader(real, name, value + "x"),
              name == "ce_source" ? "sender_not_in_directory" : kBadSignature);
  }
  at_odense("under a new id", WithHeader(real, "ce_id", "9ad0a8ae-0000-4000-8000-000000000000"));
  at_odense("as another authority's", WithHeader(real, "ce_source", "urn:exitbus:nec"));
  WireRecord cut = real;
  cut.headers.pop_back();
  at_odense("a header fewer", cut);
  // The key's id is in front, the signature behind.
  for (const double where : {0.02, 0.3, 0.7, 0.95, 1.0}) {
    at_odense(absl::StrCat("a bit flipped at ", where), WithFlippedBit(real, where));
  }
  for (const std::size_t bytes : {std::size_t{1}, std::size_t{64}, real.value.size() / 2}) {
    cut = real;
    cut.value.resize(real.value.size() - bytes);
    at_odense(absl::StrCat(bytes, " bytes of the tail cut"), cut, "not_a_record");
  }
  cut.value.clear();
  at_odense("empty", cut);
  WireRecord later = real;
  later.timestamp_ms += 1000;
  at_odense("of another second", later);
  forgeries.push_back({"at the wrong recipient", kToIshoj, real, &Ishoj(), kBadSignature});
  forgeries.push_back({"on another channel", kToOdenseUrgent, real, &Odense(), kBadSignature});
  forgeries.push_back({"at another kind", kToNec, real, &MemberNamed(kNec), kBadSignature});
  return forgeries;
}

std::vector<Forgery> MadeUp(const std::string& handover_id) {
  const auto odense = EntryOf(kOdense);
  const auto crypto = adapters::MakeSodiumCrypto();
  exchange::DirectoryEntry other_key = *odense;
  other_key.sealing_key = crypto->NewSealingKey().public_key;
  const auto letter = LetterPacket(kIshoj, kOdense, handover_id);
  const WireRecord real = SealedBy(kIshoj, *odense, letter);
  exchange::v1::Record under_our_id;
  under_our_id.ParseFromString(real.value);
  exchange::v1::Record rubbish = under_our_id;
  under_our_id.set_sealed(crypto->Seal(other_key.sealing_key, BoundTo(kToOdense, real), "x"));
  rubbish.set_sealed(crypto->Seal(odense->sealing_key, BoundTo(kToOdense, real), "rubbish"));
  exchange::v1::Record elsewhere = rubbish;
  elsewhere.set_sealed(crypto->Seal(odense->sealing_key, BoundTo(kToIshoj, real), "rubbish"));

  std::vector<Forgery> forgeries;
  const auto at_odense = [&](const std::string& what, WireRecord record,
                             const std::string& reason) {
    forgeries.push_back({what, kToOdense, std::move(record), &Odense(), reason});
  };
  at_odense("sealed to a key of another epoch", SealedBy(kIshoj, other_key, letter), "key_retired");
  at_odense("sealed to another key under ours' id",
            SignedAnew(real, kToOdense, kIshoj, under_our_id), "not_opened");
  at_odense("sealed for another topic", SignedAnew(real, kToOdense, kIshoj, elsewhere),
            "not_opened");
  at_odense("rubbish inside", SignedAnew(real, kToOdense, kIshoj, rubbish), "not_parsed");
  at_odense("signed by another in its name",
            WithHeader(SealedBy(kFyn, *odense, letter), "ce_source",
                       absl::StrCat("urn:exitbus:", kIshoj)),
            kBadSignature);
  at_odense("another's letter, under one's own name", SealedBy(kFyn, *odense, letter),
            "misaddressed");
  at_odense("meant for somebody else",
            SealedBy(kIshoj, *odense, LetterPacket(kIshoj, kNec, handover_id)), "misaddressed");
  exchange::v1::Packet no_link;
  no_link.mutable_letter()->set_link("no link");
  at_odense("a letter that is none", SealedBy(kIshoj, *odense, no_link), "misaddressed");
  return forgeries;
}

}  // namespace exitbus::story
