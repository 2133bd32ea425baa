// The resources a caller is shown, before projection.
#pragma once

#include <memory>
#include <string_view>

#include "exitbus/casework_journal/v1/journal.pb.h"

namespace exitbus::casework {

// Whether this authority has a case of it, or had: not where it is asked to take one over, or the
// handover failed.
bool IsShown(const casework_journal::v1::CaseFile& file);

// Null where it is not shown.
std::unique_ptr<google::protobuf::Message> CaseView(const casework_journal::v1::CaseFile& file);

// Null if the file has no such handover.
std::unique_ptr<google::protobuf::Message> HandoverView(const casework_journal::v1::CaseFile& file,
                                                        std::string_view handover_id);

}  // namespace exitbus::casework
