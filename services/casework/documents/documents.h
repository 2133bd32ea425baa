// Documents of a case: what the files of this folder share, and what a handover asks of them.
// Internal to casework.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "exitbus/handover/v1/messages.pb.h"
#include "services/casework/rules.h"
#include "services/policy/condition_set.h"

namespace exitbus::casework {

// A slice is a row here and a letter to who takes the case over, and one request brings it.
inline constexpr std::size_t kDocumentSliceBytes = std::size_t{192} * 1024;
inline constexpr std::size_t kDocumentBytesMax = std::size_t{5} << 20;
inline constexpr int kDocumentsMax = 50;

// Null: the case has none of this id.
const cv1::Document* FindDocument(const jv1::CaseFile& file, std::string_view document_id);

// It is whole, and may be put before the citizen.
bool IsForCitizen(const cv1::Document& document);

// How many slices that many bytes are; and how large its next one is.
std::uint32_t SlicesOf(std::size_t bytes);
std::size_t NextSliceBytes(const cv1::Document& document);

// By what name a slice is kept beside the file.
std::string SliceName(std::string_view document_id, std::uint32_t slice);
// All that are here of it.
void DropSlices(const cv1::Document& document, exchange::Decision& decision);

// Its next slice is kept; the last one completes it. nullopt: then all of it is not what its
// digests say. `key` is one that the file is found by.
std::optional<exchange::Decision> KeepNext(const cv1::Document& document,
                                           const std::string& content, std::string_view key,
                                           const exchange::DecisionContext& context);

// The part of a dossier names those that its receiver reads: on a law what no consent is needed
// for, and on consent what nothing else opens. `satisfied` is what holds for it by then.
enum class Opened { kByLaw, kByConsentAlone, kByEither };
void NameDocuments(const jv1::CaseFile& file, policy::ConditionSet satisfied, Opened opened,
                   hv1::DossierPart& part);
// With the offer: once it is taken over, the holder sends those that this part has named.
void OweDocuments(const hv1::DossierPart& part, jv1::Offered& offered);
// At the receiver they arrive from the take-over on; what came on consent alone goes with it.
void TakeInDocuments(const hv1::DossierPart& part, jv1::CaseFile& file);
void MoveOutDocuments(const hv1::DossierPart& part, jv1::CaseFile& file);

// Of the agreement's core and its annexes, for who reads neither: Document.salted_sha256.
google::protobuf::RepeatedPtrField<std::string> AgreementDigests(const jv1::CaseFile& file);

// A case goes on with what belongs to it.
extern const Rule kDocumentsHere;

}  // namespace exitbus::casework
