#!/usr/bin/env bash
# What is installed: the units as systemd reads them, how exposed each is, and what a kind's package holds.
# usage: units_test.sh FOLDER_OF_PROGRAMS
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'rm -rf "$work"' EXIT
build=$(dirname "${1:-$root/build/release/bin}")
tree=$work/root
exposure_max=2.0
kinds=(municipality kriminalforsorgen police contact_point nec console)

# The build's own programs where the packages lay them; what is not theirs (pages) is left out.
for component in tools "${kinds[@]//_/-}"; do
  expect "$component is installed" cmake --install "$build" --prefix "$tree/usr" --component "$component"
done
# systemd's own, which the units name.
cp -r /usr/lib/systemd/system/*.target "$tree/usr/lib/systemd/system/"

exposure() { systemd-analyze --root="$tree" --offline=true security --no-pager "$1" | sed -n 's/.*exposure level.*: \([0-9.]*\) .*/\1/p'; }
at_most() { awk -v found="$1" -v most="$2" 'BEGIN { exit !(found != "" && found <= most) }' || { echo "'$1' is more than $2"; return 1; }; }
silent() { same "$("$@" 2>&1)" ""; }

mapfile -t units < <(cd "$tree/usr/lib/systemd/system" && ls exitbus-*.service)
expect 'a unit for each kind and the provisioner' test "${#units[@]}" -ge 7
for unit in "${units[@]}"; do
  unit=${unit/@./@one.}
  expect "$unit is read without complaint" silent systemd-analyze --root="$tree" verify --man=no "$unit"
  expect "$unit is exposed by $exposure_max at most" at_most "$(exposure "$unit")" "$exposure_max"
done
loose=exitbus-municipality@one.service
sed -i 's/^\[Service\]/&\nProtectSystem=no\nPrivateUsers=no\nSystemCallFilter=/' "$tree/usr/lib/systemd/system/exitbus-.service.d/hardening.conf"
sed -i -E '/^(NoNewPrivileges|CapabilityBoundingSet|SystemCallFilter|RestrictNamespaces|Protect)/d' "$tree/usr/lib/systemd/system/exitbus-.service.d/hardening.conf"
expect_refusal 'one that is not hardened is seen' "'[2-9]\.[0-9]' is more than" at_most "$(exposure "$loose")" $exposure_max

# complaints KIND: of its worked example, each a line; its files lie on another machine
complaints() {
  "$tree/usr/libexec/exitbus/$1" --config "$tree/usr/share/doc/exitbus-${1//_/-}/examples/service.textproto" 2>&1 | sed 1d
}
for kind in "${kinds[@]}"; do
  expect "$kind: its user" grep -q "^u exitbus-$kind " "$tree/usr/lib/sysusers.d/exitbus-${kind//_/-}.conf"
  expect "$kind: its example names files" grep -q 'No such file' <(complaints "$kind")
  expect "$kind: its example has no mistake but that they are not here" same "$(complaints "$kind" | grep -vE 'No such file|"/usr/share/exitbus/pages" is no folder')" ''
done
finish
