// The resources a caller is shown, before projection.
#pragma once

#include <memory>
#include <string_view>

#include "exitbus/casework_journal/v1/journal.pb.h"

namespace exitbus::casework {

// Null while this authority has no case of it: asked to take one over, or the handover failed.
std::unique_ptr<google::protobuf::Message> CaseView(const casework_journal::v1::CaseFile& file);

// Null if the file has no such handover.
std::unique_ptr<google::protobuf::Message> HandoverView(const casework_journal::v1::CaseFile& file,
                                                        std::string_view handover_id);

}  // namespace exitbus::casework
