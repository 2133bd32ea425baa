// One resource each as text; for rendering.cc.
#pragma once

#include <string>

namespace google::protobuf {
template <typename Element>
class RepeatedPtrField;
}
namespace exitbus::account::v1 {
class AccountEntry;
}
namespace exitbus::casework::v1 {
class Case;
class Erasure;
class ListCasesResponse;
class ListErasuresResponse;
class Responsibility;
}  // namespace exitbus::casework::v1
namespace exitbus::handover::v1 {
class Handover;
class ListHandoversResponse;
}  // namespace exitbus::handover::v1
namespace exitbus::contact_point::v1 {
class FollowedHandover;
class ListFollowedHandoversResponse;
}  // namespace exitbus::contact_point::v1
namespace exitbus::police::v1 {
class ListSecurityFilesResponse;
class SecurityFile;
}  // namespace exitbus::police::v1
namespace exitbus::nec::v1 {
class ListEntriesResponse;
class OverviewEntry;
}  // namespace exitbus::nec::v1

namespace exitbus::exitctl {

std::string ViewOf(const casework::v1::Case& view);
std::string ViewOf(const casework::v1::ListCasesResponse& list);
std::string ViewOf(const casework::v1::Responsibility& view);
std::string ViewOf(const casework::v1::Erasure& view);
std::string ViewOf(const casework::v1::ListErasuresResponse& list);
std::string ViewOf(const handover::v1::Handover& view);
std::string ViewOf(const handover::v1::ListHandoversResponse& list);
std::string ViewOf(const police::v1::SecurityFile& view);
std::string ViewOf(const police::v1::ListSecurityFilesResponse& list);
std::string ViewOf(const contact_point::v1::FollowedHandover& view);
std::string ViewOf(const contact_point::v1::ListFollowedHandoversResponse& list);
std::string ViewOf(const nec::v1::OverviewEntry& view);
std::string ViewOf(const nec::v1::ListEntriesResponse& list);
// What the citizen can be given.
std::string ViewOf(const google::protobuf::RepeatedPtrField<account::v1::AccountEntry>& account,
                   const std::string& next_page_token);

}  // namespace exitbus::exitctl
