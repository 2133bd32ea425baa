#include "services/relocation/municipalities.h"

#include <algorithm>
#include <array>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/repeated.h"

namespace exitbus::relocation {
namespace {

constexpr std::array<Municipality, 98> kMunicipalities = {{
    {"0101", "1470", "0147 0157 0159 0163 0167 0175 0185"},            // København
    {"0147", "1470", "0101"},                                          // Frederiksberg
    {"0151", "1469", "0161 0163 0165 0190 0240"},                      // Ballerup
    {"0153", "1469", "0161 0165 0167 0175 0187"},                      // Brøndby
    {"0155", "1470", "0185"},                                          // Dragør
    {"0157", "1468", "0101 0159 0173"},                                // Gentofte
    {"0159", "1469", "0101 0157 0163 0173 0190"},                      // Gladsaxe
    {"0161", "1469", "0151 0153 0163 0165 0175"},                      // Glostrup
    {"0163", "1469", "0101 0151 0159 0161 0175 0190"},                 // Herlev
    {"0165", "1469", "0151 0153 0161 0169 0187 0240"},                 // Albertslund
    {"0167", "1469", "0101 0153 0175"},                                // Hvidovre
    {"0169", "1469", "0165 0183 0187 0240 0253 0265"},                 // Høje-Taastrup
    {"0173", "1468", "0157 0159 0190 0230"},                           // Lyngby-Taarbæk
    {"0175", "1469", "0101 0153 0161 0163 0167"},                      // Rødovre
    {"0183", "1469", "0169 0187 0253"},                                // Ishøj
    {"0185", "1470", "0101 0155"},                                     // Tårnby
    {"0187", "1469", "0153 0165 0169 0183"},                           // Vallensbæk
    {"0190", "1468", "0151 0159 0163 0173 0201 0230 0240"},            // Furesø
    {"0201", "1468", "0190 0210 0219 0223 0230 0240 0250"},            // Allerød
    {"0210", "1468", "0201 0217 0219 0223 0270"},                      // Fredensborg
    {"0217", "1468", "0210 0270"},                                     // Helsingør
    {"0219", "1468", "0201 0210 0250 0260 0270"},                      // Hillerød
    {"0223", "1468", "0201 0210 0230"},                                // Hørsholm
    {"0230", "1468", "0173 0190 0201 0223"},                           // Rudersdal
    {"0240", "1468", "0151 0165 0169 0190 0201 0250 0265"},            // Egedal
    {"0250", "1468", "0201 0219 0240 0260 0265 0350"},                 // Frederikssund
    {"0253", "1467", "0169 0183 0265 0269"},                           // Greve
    {"0259", "1467", "0265 0269 0320 0329 0336 0350"},                 // Køge
    {"0260", "1468", "0219 0250 0270"},                                // Halsnæs
    {"0265", "1467", "0169 0240 0250 0253 0259 0269 0350"},            // Roskilde
    {"0269", "1467", "0253 0259 0265"},                                // Solrød
    {"0270", "1468", "0210 0217 0219 0260"},                           // Gribskov
    {"0306", "1467", "0316 0326"},                                     // Odsherred
    {"0316", "1467", "0306 0326 0329 0340 0350"},                      // Holbæk
    {"0320", "1466", "0259 0329 0336 0370"},                           // Faxe
    {"0326", "1467", "0306 0316 0330 0340"},                           // Kalundborg
    {"0329", "1467", "0259 0316 0320 0340 0350 0370"},                 // Ringsted
    {"0330", "1466", "0326 0340 0370 0450"},                           // Slagelse
    {"0336", "1467", "0259 0320"},                                     // Stevns
    {"0340", "1466", "0316 0326 0329 0330 0370"},                      // Sorø
    {"0350", "1467", "0250 0259 0265 0316 0329"},                      // Lejre
    {"0360", "1466", "0376"},                                          // Lolland
    {"0370", "1466", "0320 0329 0330 0340 0390"},                      // Næstved
    {"0376", "1466", "0360 0390"},                                     // Guldborgsund
    {"0390", "1466", "0370 0376"},                                     // Vordingborg
    {"0400", "1471", ""},                                              // Bornholm
    {"0410", "1465", "0420 0480 0607"},                                // Middelfart
    {"0420", "1465", "0410 0430 0461 0480"},                           // Assens
    {"0430", "1465", "0420 0440 0450 0461 0479"},                      // Faaborg-Midtfyn
    {"0440", "1465", "0430 0450 0461"},                                // Kerteminde
    {"0450", "1465", "0330 0430 0440 0479"},                           // Nyborg
    {"0461", "1465", "0420 0430 0440 0480"},                           // Odense
    {"0479", "1465", "0430 0450 0482"},                                // Svendborg
    {"0480", "1465", "0410 0420 0461"},                                // Nordfyns
    {"0482", "1465", "0479"},                                          // Langeland
    {"0492", "1465", ""},                                              // Ærø
    {"0510", "1464", "0550 0561 0575 0580 0621"},                      // Haderslev
    {"0530", "1463", "0573 0575 0630 0657 0756 0760"},                 // Billund
    {"0540", "1464", "0580"},                                          // Sønderborg
    {"0550", "1464", "0510 0561 0580"},                                // Tønder
    {"0561", "1464", "0510 0550 0573 0575"},                           // Esbjerg
    {"0563", "1464", ""},                                              // Fanø
    {"0573", "1464", "0530 0561 0575 0760"},                           // Varde
    {"0575", "1464", "0510 0530 0561 0573 0621 0630"},                 // Vejen
    {"0580", "1464", "0510 0540 0550"},                                // Aabenraa
    {"0607", "1463", "0410 0621 0630"},                                // Fredericia
    {"0615", "1463", "0727 0740 0746 0756 0766"},                      // Horsens
    {"0621", "1463", "0510 0575 0607 0630"},                           // Kolding
    {"0630", "1463", "0530 0575 0607 0621 0756 0766"},                 // Vejle
    {"0657", "1462", "0530 0661 0756 0760 0791"},                      // Herning
    {"0661", "1462", "0657 0665 0671 0760 0779 0791"},                 // Holstebro
    {"0665", "1462", "0661 0671"},                                     // Lemvig
    {"0671", "1462", "0661 0665 0787"},                                // Struer
    {"0706", "1461", "0707 0710 0730 0751"},                           // Syddjurs
    {"0707", "1461", "0706 0730"},                                     // Norddjurs
    {"0710", "1461", "0706 0730 0740 0746 0751 0791"},                 // Favrskov
    {"0727", "1461", "0615 0746 0751"},                                // Odder
    {"0730", "1461", "0706 0707 0710 0791 0846"},                      // Randers
    {"0740", "1462", "0615 0710 0746 0756 0791"},                      // Silkeborg
    {"0741", "1461", ""},                                              // Samsø
    {"0746", "1463", "0615 0710 0727 0740 0751"},                      // Skanderborg
    {"0751", "1461", "0706 0710 0727 0746"},                           // Aarhus
    {"0756", "1462", "0530 0615 0630 0657 0740 0766 0791"},            // Ikast-Brande
    {"0760", "1462", "0530 0573 0657 0661"},                           // Ringkøbing-Skjern
    {"0766", "1463", "0615 0630 0756"},                                // Hedensted
    {"0773", "1462", "0779 0787"},                                     // Morsø
    {"0779", "1462", "0661 0773 0791"},                                // Skive
    {"0787", "1462", "0671 0773 0849"},                                // Thisted
    {"0791", "1462", "0657 0661 0710 0730 0740 0756 0779 0820 0846"},  // Viborg
    {"0810", "1460", "0813 0849 0851 0860"},                           // Brønderslev
    {"0813", "1460", "0810 0860"},                                     // Frederikshavn
    {"0820", "1460", "0791 0840 0846 0849 0851"},                      // Vesthimmerlands
    {"0825", "1460", ""},                                              // Læsø
    {"0840", "1460", "0820 0846 0851"},                                // Rebild
    {"0846", "1460", "0730 0791 0820 0840 0851"},                      // Mariagerfjord
    {"0849", "1460", "0787 0810 0820 0851 0860"},                      // Jammerbugt
    {"0851", "1460", "0810 0820 0840 0846 0849"},                      // Aalborg
    {"0860", "1460", "0810 0813 0849"},                                // Hjørring
}};

}  // namespace

std::span<const Municipality> Municipalities() { return kMunicipalities; }

const Municipality* FindMunicipality(std::string_view code) {
  return exchange::FindIn(kMunicipalities,
                          [&](const Municipality& one) { return one.code == code; });
}

bool AreNeighbours(std::string_view a, std::string_view b) {
  const Municipality* const one = FindMunicipality(a);
  // All codes are of one length: what is found is a whole one.
  return one != nullptr && FindMunicipality(b) != nullptr &&
         one->beside.find(b) != std::string_view::npos;
}

std::string CodeOf(std::string_view authority, const exchange::Directory& directory) {
  const auto listed = directory.Find(authority);
  return listed && listed->kind == policy::v1::AUTHORITY_KIND_MUNICIPALITY ? listed->code : "";
}

bool IsPoliceDistrict(std::string_view code) {
  return std::any_of(kMunicipalities.begin(), kMunicipalities.end(),
                     [&](const Municipality& one) { return one.district == code; });
}

}  // namespace exitbus::relocation
