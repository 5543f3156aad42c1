#!/usr/bin/env bash
# Writes every file that is made from code; --check fails when one would change.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# name the file, then the command that prints it
made=(
  "docs/openapi.json" "go run ./cmd/trackly openapi"
  "docs/campaign.mmd" "go run ./docs/generate campaign"
  "docs/import.mmd" "go run ./docs/generate import"
  "docs/message.mmd" "go run ./docs/generate message"
  "cmd/standalone/demo/contacts.csv" "go run ./cmd/standalone/demo/generate"
)

status=0
for ((i = 0; i < ${#made[@]}; i += 2)); do
  file=${made[i]}
  ${made[i + 1]} >"$scratch/made" # word splitting wanted
  if [[ ${1:-} != --check ]]; then
    mkdir -p "$(dirname "$file")"
    cp "$scratch/made" "$file"
  elif ! diff -u "$file" "$scratch/made" | head -n 40; then
    echo "$file is not what the code says: run make generate" >&2
    status=1
  fi
done
exit $status
