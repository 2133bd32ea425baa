// The one deployment that all tests of a program are tried on.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/story/actors.h"
#include "tests/story/deployment.h"

namespace exitbus::story {

// Started before the first test; a test program that cannot start it fails.
Deployment& TheDeployment();

// Whether this run has a test of a suite whose name begins so.
bool WillRun(std::string_view suite);

// A client of `member`'s service that shows another certificate; empty: none.
std::unique_ptr<adapters::GrpcClient> ClientWith(const Member& member,
                                                 const std::string& certificate);

// A case that the actor opens at its own authority, on consent, and enrols with one measure; its
// id. A failure fails the test.
std::string EnrolledCase(Actor& holder, const std::string& cpr_number);

// Runs tools/certificates with `arguments` in the deployment's folder of certificates.
void IssueCertificate(const std::vector<std::string>& arguments);

}  // namespace exitbus::story
