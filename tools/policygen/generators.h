// The generated files, as text. Each is a function of the contracts (and one of a text beside this
// file), so that a checked-in copy can be told from a stale one.
#pragma once

#include <string>

#include "services/policy/contracts.h"

namespace exitbus::policygen {

// docs/policy.md: both matrices, every message's fields, every method's callers; then each party's
// side of it, to which the threat model, written by hand, is added.
std::string PolicyPage(const policy::ContractFiles& files);
std::string PartyPage();

// docs/fields.md: every field's category and detail.
std::string FieldsPage(const policy::ContractFiles& files);

// deploy/topics/access.md: topics and access list, by kind of authority.
std::string AccessPage(const policy::ContractFiles& files);

// deploy/topics/asyncapi.yaml: the bus as an AsyncAPI 3 document.
std::string AsyncApi(const policy::ContractFiles& files);

// docs/metrics.md, and deploy/monitoring/dashboards/services.json for Grafana: of the table of
// metrics (adapters/http/metrics.h), not of the contracts.
std::string MetricsPage();
std::string MetricsDashboard();

}  // namespace exitbus::policygen
