#!/usr/bin/env bash
# check_alerts.py finds an alert that nobody explains or tries, and a figure that is none; and this checkout has none.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'rm -rf "$work"' EXIT
tree=$work/tree

# broken FILE SED: the check of a tree in which that file was changed so.
broken() {
  rm -rf "$tree"
  mkdir -p "$tree/docs" "$tree/deploy"
  cp -r "$root/deploy/monitoring" "$tree/deploy/"
  cp "$root/docs/alerts.md" "$root/docs/metrics.md" "$tree/docs/"
  cp "$root/README.md" "$tree/"
  sed -i "$2" "$tree/$1"
  if cmp -s "$root/$1" "$tree/$1"; then
    echo "nothing was changed"
  fi
  "$root/tests/scripts/check_alerts.py" "$tree"
}
found() {
  local said=$1
  shift
  expect_refusal "is found: $*" "^$said" broken "$@"
}

rules=deploy/monitoring/alerts.yaml
tests=deploy/monitoring/alerts_test.yaml
found 'BusDown has no runbook docs/alerts.md#busdown' $rules 's/alerts.md#busdown/alerts.md#other/'
found 'BusDown is neither critical nor a warning' $rules '/alert: BusDown/,/alert:/s/critical/urgent/'
found 'BusDown has no section' docs/alerts.md 's/^### BusDown/### BusGone/'
found 'docs/alerts.md has a section of BusGone' docs/alerts.md 's/^### BusDown/### BusGone/'
found 'BusDown is never seen silent' $tests '/, alertname: BusDown}/d'
found 'BusDown is never seen to fire' $tests '/ alertname: BusDown$/,/annotations/{/exp_alerts/d}'
found 'deploy/monitoring/alerts.yaml has no alert' $rules 's/- alert:/- record:/'
found 'BusDown: exitbus_bus_gone is no figure' $rules 's/exitbus_bus_up/exitbus_bus_gone/'
found 'BusFlaps: no figure of it has the label why' $rules 's/without (cause)/without (why)/'
found 'DeadlinesMissed: no figure of it has the label name' $rules 's/{event=/{name=/'
found 'README.md: exitbus_bus_gone is no figure' README.md 's/exitbus_build_info/exitbus_bus_gone/'
found 'docs/metrics.md has no figure' docs/metrics.md '/^|/d'
expect 'this checkout' "$root/tests/scripts/check_alerts.py"
finish
