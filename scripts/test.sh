#!/usr/bin/env bash
# Vets, builds and tests the product; options go to go test. Works on a fresh clone of
# a machine without PostgreSQL.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ -z ${TRACKLY_TEST_DATABASE_URL:-} ]]; then
  scripts/postgres.sh
  trap scripts/stop-postgres.sh EXIT
fi
go vet ./...
go build -o /dev/null ./...
go test -timeout 15m "$@" ./...
