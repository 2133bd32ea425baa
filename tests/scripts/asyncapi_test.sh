#!/usr/bin/env bash
# deploy/topics/asyncapi.yaml holds together: what any reader of AsyncAPI documents needs, without one.
# What the reference reader says of it: asyncapi_reference_test.sh.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'rm -rf "$work"' EXIT
document=$root/deploy/topics/asyncapi.yaml

# Each key's whole path, e.g. #/components/messages/HandoverRequested: two blanks a level.
paths_in() {
  awk '/^ *[A-Za-z][A-Za-z0-9_.]*:/ {
         match($0, /^ */); level = RLENGTH / 2
         name = $1; sub(/:$/, "", name); path[level] = name
         line = "#"; for (i = 0; i <= level; ++i) line = line "/" path[i]
         print line
       }' "$1"
}
# A reference that leaves the document is read as YAML, whatever it names.
references_stay() { ! grep -nE '[$]ref:' "$1" | grep -vE "[$]ref: '#/[A-Za-z0-9_/]+'\$"; }
references_resolve() {
  paths_in "$1" | sort -u >"$work/paths"
  sed -n "s/.*\$ref: '\(.*\)'.*/\1/p" "$1" | sort -u >"$work/references"
  [[ -s $work/references ]] && [[ -z $(comm -23 "$work/references" "$work/paths" | tee /dev/stderr) ]]
}
# Every payload names a message that is in the file it names.
payloads_are_there() {
  local file="" message="" count=0 key value
  while read -r key value; do
    case $key in
      x-protobuf-file:) file=$value ;;
      x-protobuf-message:)
        message=${value##*.} count=$((count + 1))
        grep -qE "^message $message \{" "$root/$file" || { echo "$file has no $message"; return 1; }
        grep -qF "package ${value%.*};" "$root/$file" || { echo "$file is not of ${value%.*}"; return 1; }
        ;;
    esac
  done <"$1"
  same "$count" "$(grep -c '^      payload:' "$1")" && ((count > 20))
}

expect 'references stay in the document' references_stay "$document"
expect 'references lead somewhere' references_resolve "$document"
expect 'every payload names its message' payloads_are_there "$document"

sed "0,/x-protobuf-file: proto/s//\$ref: proto/" "$document" >"$work/leaves.yaml"
expect_refusal 'a reference that leaves is found' 'ref: proto/' references_stay "$work/leaves.yaml"
sed "0,/components\/messages\/[A-Za-z]*/s//components\/messages\/Nobody/" "$document" >"$work/dangles.yaml"
expect_refusal 'one that leads nowhere is found' 'messages/Nobody' references_resolve "$work/dangles.yaml"
sed "0,/x-protobuf-message: .*/s//x-protobuf-message: exitbus.Nobody/" "$document" >"$work/unknown.yaml"
expect_refusal 'a message that is not there is found' 'has no Nobody' payloads_are_there "$work/unknown.yaml"
finish
