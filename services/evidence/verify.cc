#include "services/evidence/verify.h"

#include "absl/strings/str_cat.h"
#include "services/evidence/alone.h"
#include "services/evidence/between.h"

namespace exitbus::evidence {

std::vector<Finding> Verify(const std::vector<v1::EvidenceFile>& files,
                            const exchange::Crypto& crypto) {
  Findings findings;
  for (const v1::EvidenceFile& file : files) CheckAlone(file, crypto, findings);
  for (std::size_t i = 0; i < files.size(); ++i) {
    for (std::size_t j = i + 1; j < files.size(); ++j) {
      if (files[i].authority() == files[j].authority()) {
        findings.Fault(absl::StrCat("two files are of ", files[i].authority(),
                                    "; give the later one, or each by itself"));
        continue;
      }
      CheckBetween(files[i], files[j], findings);
      CheckWitnesses(files[i], files[j], findings);
    }
  }
  return findings.Take();
}

}  // namespace exitbus::evidence
