#!/usr/bin/env bash
# The packages on a bare Debian of this machine's release, with systemd, and the runbooks played there: an exchange from its
# beginning, two authorities that come in, one that leaves. By hand: tools/test long packages.
# usage: packages_test.sh [FOLDER SUITE]    packages that were built on another release, and its name
source "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"
source "$(dirname "${BASH_SOURCE[0]}")/machine.sh"
packages=${1:-$root/build/release/packages}
suite=${2:-$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)}
((EUID == 0)) || { echo "this wants to be root"; exit 1; }
broker() { beside "$root/tools/broker" --state "$work/broker-state" --pki "$machine/srv/exchange/pki" --port 9093 "$@"; }
trap 'broker kill; end_machine' EXIT
here=/srv/exitbus  # a checkout's tools, there
ishoj=municipality-0183 police=police-1469

# play PAGE [SED]: the page's commands there, in one shell, after those of signing.md; SED puts other values for its examples.
commands_of() { awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' "$root/docs/runbooks/$1.md"; }
play() {
  local page=/root/page-$1.sh
  {
    echo 'set -euo pipefail'
    commands_of signing
    commands_of "$1" | sed -E "${2:-}"
  } >"$machine/$page"
  inside env -C $here bash "$page"
}
expect 'a page has commands' test "$(commands_of onboarding | wc -l)" -gt 20

expect 'a bare Debian' make_machine
mkdir -p "$machine/root/packages" "$machine/root/newer" "$machine$here"
cp -r "$root/tools" "$machine$here"
cp "$packages"/*.deb "$machine/root/packages"
installs() { before_boot sh -c 'apt-get -q -y install --no-install-recommends /root/packages/*.deb'; }
expect 'apt installs all packages and what they depend on' installs
expect 'it boots' boot_machine
expect 'a user for each' inside id exitbus-provision exitbus-municipality exitbus-console

expect 'begin.md' play begin
expect 'the broker of the exchange' broker start
of_police='s/^kind=municipality .*/kind=police authority=police-1469 code=1469 district=1469 name=Vestegnen/; s/:7443/:7453/; s/:9090/:9091/'
expect 'onboarding.md, of a police unit' play onboarding "$of_police"
# Its certificate is short of its end, for renewal.md.
expect 'onboarding.md, of a municipality' play onboarding 's/issue-authority .authority$/--days 20 &/; s/operators.auditor/operators.exit-coordinator/'

state_of() { inside systemctl show --value --property "$1" "$unit"; }
called() { inside exitctl --profile /root/$1.profile --json "${@:2}"; }
unit=exitbus-municipality@$ishoj.service
eventually() {
  for _ in {1..150}; do
    "$@" && return
    sleep 0.2
  done
  return 1
}
is() { same "$(state_of "$1")" "$2"; }

expect 'whom to turn to at the municipality is told' called $ishoj contacts publish --contact purpose=main,unit=exit,phone=12345678
told() { called "${1:-$police}" contacts of $ishoj | grep -q 12345678; }
expect 'the police hear it over the bus' eventually told

hidden() { ! inside nsenter -t "$(state_of MainPID)" --mount "$@"; }
expect 'it sees its own folder' inside nsenter -t "$(state_of MainPID)" --mount test -d /var/lib/exitbus/$ishoj/data
expect 'and nothing of another authority' hidden test -e /var/lib/exitbus/$police -o -e /etc/exitbus/$police
expect 'its configuration is not written' hidden touch /etc/exitbus/$ishoj/service.textproto

pid=$(state_of MainPID)
inside sh -c "kill -KILL $pid"
serves_anew() { [[ $(state_of MainPID) != "$pid" ]] && is SubState running; }
expect 'a crash is started anew' eventually serves_anew

inside sed -i.good 's/^authority:/athority:/' /etc/exitbus/$ishoj/service.textproto
expect_refusal 'a bad configuration is a start that fails' 'failed' inside systemctl restart "$unit"
sleep 7
expect 'with status 2, and stays so' is ExecMainStatus 2
expect 'it is failed' is SubState failed
inside mv /etc/exitbus/$ishoj/service.textproto.good /etc/exitbus/$ishoj/service.textproto
expect 'corrected, it starts' inside systemctl start "$unit"

# As where its lock is deleted, and somebody starts it by hand.
inside rm /var/lib/exitbus/$ishoj/data/lock
inside sh -c "sed /^metrics_address/d /etc/exitbus/$ishoj/service.textproto >/root/by-hand && chmod 711 /root && chmod 644 /root/by-hand"
by_hand() { inside timeout 20 runuser -u exitbus-municipality -- /usr/libexec/exitbus/municipality --config /root/by-hand; }
by_hand >"$work/by-hand.log" 2>&1 &
another=$!
expect 'another process takes its store over, and it ends' eventually is SubState failed
expect 'with status 4' is ExecMainStatus 4
sleep 7
expect 'and stays so' is SubState failed
wait "$another"
expect 'one of the two starts' inside systemctl start "$unit"

expect 'backup.md, and a store is lost and restored' play backup
expect 'it has what it had' told $ishoj

serial() { inside openssl x509 -noout -serial -in /etc/exitbus/$ishoj/tls/service.crt; }
before=$(serial)
expect 'renewal.md' play renewal
noticed() { inside journalctl --no-pager --identifier exitbus-notice | grep -q "$1"; }
expect 'its notice' noticed "renewal succeeded at $ishoj.*nothing ends within 14 days"
expect 'another certificate' differ "$(serial)" "$before"
serves_it() { same "$(served)" "$(serial)"; }
served() { inside sh -c 'openssl s_client -connect 127.0.0.1:7443 </dev/null 2>/dev/null | openssl x509 -noout -serial'; }
expect 'it is served' eventually serves_it
inside systemctl stop "$unit"
inside systemctl start "exitbus-renew-municipality@$ishoj" 2>/dev/null
expect 'a failure has a notice too' noticed "renewal failed at $ishoj.*does not say"
inside systemctl start "$unit"

suspended() { inside journalctl --no-pager -u "exitbus-police@$police" | grep -c directory.renewed; }
before=$(suspended)
expect 'suspending.md' play suspending
expect 'the police took both directories into use' same $(($(suspended) - before)) 2

# A newer version, made of the same programs: what apt and the package's scripts do is looked at.
for name in tools municipality; do
  dpkg-deb -R "$packages"/exitbus-${name}_*.deb "$work/newer-$name"
  sed -i 's/^Version: .*/Version: 9.0/' "$work/newer-$name/DEBIAN/control"
  dpkg-deb -b "$work/newer-$name" "$machine/root/newer/exitbus-${name}_9.0.deb" >/dev/null
done
pid=$(state_of MainPID)
expect 'upgrade.md' play upgrade 's:/root/packages:/root/newer:'
expect 'the newer version is installed' grep -q '^9.0$' <(inside dpkg-query -W -f '${Version}\n' exitbus-municipality)
expect 'and runs' differ "$(state_of MainPID)" "$pid"
expect 'on the state that was there' told $ishoj
expect 'beside an older one, which hears it' called $ishoj contacts publish --contact purpose=main,unit=exit,phone=87654321
heard() { called "${1:-$police}" contacts of $ishoj | grep -q 87654321; }
expect 'what it says' eventually heard

expect 'a package is removed' inside apt-get -q -y remove exitbus-municipality
expect 'its service has ended' is ActiveState inactive
expect 'its state stays' inside test -s /var/lib/exitbus/$ishoj/data/journal.sqlite
expect 'it is installed again' inside sh -c 'apt-get -q -y install /root/newer/*.deb'
expect 'and goes on' inside systemctl start "$unit"
expect 'with what it had' heard $ishoj

expect 'retiring.md' play retiring
denied() { broker_log=$(inside journalctl --no-pager -u exitbus-provision); [[ $broker_log == *"$ishoj"* ]]; }
expect 'the broker denies it everything' eventually denied
expect 'the police say so of it' grep -q -i removed <(called $police contacts of $ishoj)
says_so() { inside apt-get -q -y purge exitbus-municipality | grep 'Who wants them gone deletes them'; }
expect 'purging says that it deletes no state' says_so
expect "and does not" inside test -s /var/lib/exitbus/$police/data/journal.sqlite
finish
