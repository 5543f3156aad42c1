#!/usr/bin/env bash
# Stops the Postgres server of a folder, if one runs there; without a folder, the one
# that the tests of this user share. Nothing to stop is not an error.
set -euo pipefail

dir=${1:-${TMPDIR:-/tmp}/trackly-test-$(id -u)}
data=$dir/data
[[ -r $data/postmaster.pid ]] || exit 0
pid=$(head -n 1 "$data/postmaster.pid")
[[ $pid =~ ^[0-9]+$ && $pid -gt 1 ]] || exit 0

# The number may belong to a stranger by now; a server's working directory is its data.
if [[ -d /proc/self ]]; then
  [[ $(readlink "/proc/$pid/cwd" 2>/dev/null || true) == "$(readlink -f "$data")" ]] || exit 0
fi
kill -INT "$pid" 2>/dev/null || exit 0
for _ in $(seq 100); do
  [[ -e $data/postmaster.pid ]] || exit 0
  sleep 0.1
done
echo "the Postgres server in $dir does not stop" >&2
exit 1
