#!/usr/bin/env bash
# Runs every fuzz test of the product for a while: scripts/fuzz.sh [time for each].
set -euo pipefail
cd "$(dirname "$0")/.."

count=0
while IFS=: read -r file line; do
  name=$(sed -E 's/^func (Fuzz[A-Za-z0-9_]+)\(.*/\1/' <<<"$line")
  echo "== ${file%/*} $name"
  go test -run '^$' -fuzz "^$name\$" -fuzztime "${1:-10s}" "./${file%/*}"
  count=$((count + 1))
done < <(grep -rE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+\(' . | sed 's|^\./||' | sort)
echo "$count fuzz tests ran"
[[ $count -gt 0 ]]
