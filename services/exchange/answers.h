// From a resource to what a caller gets: projected for it, with an etag of its own view and the
// names of the categories it may not see; and the account of the read.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/exchange/aggregate.h"
#include "services/exchange/ports/api.h"

namespace exitbus::store::v1 {
class DisclosureRow;
}

namespace exitbus::exchange {

struct Environment;
struct DecisionContext;

// The recipient in the account of a read. No authority is called that.
inline constexpr char kCaller[] = "caller";

struct Shown {
  std::unique_ptr<Message> resource;  // projected, etag and withheld set
  std::string etag;
  policy::v1::Reader reader{};
  std::string break_glass;
  std::vector<int> categories;  // what was shown, for the account
  std::vector<std::string> fields;
};

// gRPC's clients take 4 MiB, if not told otherwise. A page that has so much ends; a resource that
// has so much is named only, where others stand beside it or something was done, and refused by
// name where it is all that was asked for.
inline constexpr std::size_t kPageBytesMax = std::size_t{1} << 20;
inline constexpr std::size_t kResourceBytesMax = std::size_t{3} << 20;

// What the caller's function is by itself. READER_UNSPECIFIED, which sees nothing, in an authority
// that is no longer in the directory.
policy::v1::Reader ReaderOf(const DecisionContext& context);

// Whether the resource is of a category, by its own word, of which nothing is seen: then it is as
// if it were not there.
bool KeepsBack(const Visibility& visibility, const Message& resource);

// What is seen of a resource with this visibility.
Shown Show(const Message& resource, const Visibility& visibility, const Environment& environment);

// Whether a resource is larger than an answer may be.
bool IsTooLarge(const Message& resource);
Refusal TooLarge();
// Likewise of what others would have to be told.
Refusal LetterTooLarge();
// Leaves of a resource its id (field 1) and its etag.
void OnlyName(Shown& shown);

// The response message of a method, empty.
std::unique_ptr<Message> NewResponse(std::string_view method);

// The response message of a method with its first field set to the resource, or, for a list, with
// all of them and the token.
std::unique_ptr<Message> ResponseOf(std::string_view method, std::unique_ptr<Message> resource);
std::unique_ptr<Message> ListResponseOf(std::string_view method,
                                        std::vector<std::unique_ptr<Message>> resources,
                                        const std::string& next_page_token);

// A watch's messages without their token: a resource is told by ResponseOf; here the id of one that
// is gone, as far as the reader may see ids (`resource` is null if not), and a
// exitbus.watch.v1.Marker.
Shown GoneOf(std::string_view method, std::string_view id, const Visibility& visibility);
std::unique_ptr<Message> MarkerOf(std::string_view method, int marker);
void SetString(Message& message, std::string_view field, std::string_view value);

// One row of the account: this caller was shown this. Nothing is disclosed by a read inside the
// authority, so its ground is the authority's own task: databeskyttelsesloven § 8 for a
// municipality, retshåndhævelsesloven for all others.
store::v1::DisclosureRow ReadRow(const DecisionContext& context, std::string_view method,
                                 const Shown& shown);

// The field by which a request or a letter says which document it is about, for the account.
inline constexpr char kDocumentId[] = "document_id";

// A scalar request field by name; empty or 0 if the request has none.
std::string StringField(const Message& message, std::string_view field);
std::uint32_t NumberField(const Message& message, std::string_view field);

}  // namespace exitbus::exchange
