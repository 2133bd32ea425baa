#!/usr/bin/env bash
# The pages name what is there: each name of code in them stands in a source, and each path exists.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root" || exit 1

pages() { git ls-files '*.md' | grep -vE '^(docs/decisions/|docs/to-come|CHANGELOG|findings/)'; }

# names FILE...: what stands between backticks and is one word: a type, function, file, field or metric.
names() { grep -ohE '`[A-Za-z_][A-Za-z0-9_]{3,}`' "$@" | tr -d '`' | sed -E 's/^exitbus_//; s/_total$//' | sort -u; }

# known: each word of our sources, tables, scripts and file names; a metric's `a.b` is a_b
known() {
  git ls-files | tr '/.' '\n\n'
  git grep -ohE '[A-Za-z_][A-Za-z0-9_.]{3,}' -- '*.cc' '*.h' '*.proto' '*.table' '*.textproto' '*.inc' '*.txt' \
    '*.sh' '*.py' '*.ts' '*.go' '*.java' '*.rs' 'tools/*' 'deploy/*' | awk '{ print; if (gsub(/\./, "_")) print; }'
}

# unknown NAME...: those that none of them is
unknown() { comm -23 <(printf '%s\n' "$@" | sort -u) <(known | sort -u); }

mapfile -t all < <(pages)
expect 'there are pages' test "${#all[@]}" -gt 20
mapfile -t named < <(names "${all[@]}")
expect 'they name things' test "${#named[@]}" -gt 200
missing=$(unknown "${named[@]}")
expect "nothing that is not there: ${missing//$'\n'/ }" test -z "$missing"
nobody=No$((1 + 1))Such  # put together here, or this script would have it
expect 'a name that nothing has is seen' test "$(unknown "$nobody")" = "$nobody"

# Every alarm has a row on its page: what is logged as an error, and what an obligation is called.
alarms() {
  git grep -hE -A1 'kError,|Obligations\("|TellRefused\("' -- services adapters ':!*_test.cc' |
    awk '/kError,|Obligations|TellRefused/ || wanted { wanted = !/"/; print }' |
    grep -oE '"[a-z_]+\.[a-z_]+"' | tr -d '"' | sort -u
}
undescribed() { alarms | while read -r alarm; do grep -qF "\`$alarm\`" docs/alarms.md || echo "$alarm"; done; }
expect 'there are alarms' test "$(alarms | wc -l)" -gt 30
left=$(undescribed)
expect "each has its row in docs/alarms.md: ${left//$'\n'/ }" test -z "$left"
finish
