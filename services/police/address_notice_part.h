// What a notice to a population register is made of. Internal to the police.
#pragma once

#include <string>

#include "exitbus/police_journal/v1/address.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"
#include "services/exchange/part.h"

namespace exitbus::police {

namespace jv1 = police_journal::v1;
using NoticePart = exchange::Part<jv1::AddressNotice, jv1::AddressNoticeEvent>;
using NoticeLetter = exchange::Letter<jv1::AddressNotice>;

inline constexpr char kNotices[] = "address";  // the aggregate's name

NoticePart NoticeMethods();
NoticePart NoticeLetters();
NoticePart NoticeEvents();

// As this unit's people see it; null while there is nothing yet.
std::unique_ptr<google::protobuf::Message> NoticeView(const jv1::AddressNotice& notice);

// What these make of a notice.
void TakeGiven(jv1::AddressNotice& notice, const jv1::NoticeGiven& given);
void TakeReport(jv1::AddressNotice& notice, const jv1::ActReported& reported);
void TakeEnd(jv1::AddressNotice& notice, const jv1::NoticeEnded& ended);

// What is owed next, by the register or by this unit; unset: nothing.
obligation_journal::v1::Obligation NextOf(const address::v1::AddressNotice& seen,
                                          const exchange::DecisionContext& context);
// The authority in charge, while the person is to move by the handover that this one is for: how it
// is with all the notices for it, once this one is as it is now.
void TellHolder(const jv1::AddressNotice& notice, const exchange::DecisionContext& context,
                exchange::Decision& decision);
// Whether one stands of this adult to this municipality.
bool HasAnother(const std::string& cpr_number, const std::string& municipality,
                const exchange::Lookup& lookup);

}  // namespace exitbus::police
