// What waits for an authority now, from its watch up to the moment it has caught up.
#pragma once

#include "tools/exitctl/call.h"

namespace exitbus::exitctl {

// Whatever kind of authority it is, one list for each kind of thing that waits, the most urgent
// first: cases in which something waits for this authority, and handovers to it whose precautions
// nobody here has read, those of who is threatened before the others; handovers that wait for this
// side; security files that want an assessment, whose precautions somebody has not read in time, or
// that NEC asks about; handovers that wait for anybody too long; requests for relocation, inquiries
// and conflicts to answer; applications to the pool. As JSON: one document for each list. Returns
// the exit status.
int PrintInbox(adapters::GrpcClient& client, const Profile& profile, Form form, Terminal terminal);

}  // namespace exitbus::exitctl
