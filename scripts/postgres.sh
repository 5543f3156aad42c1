#!/usr/bin/env bash
# Makes sure that PostgreSQL's programs are on this machine: installs them when it may,
# says what to type when it may not. The product starts its own server from them.
set -euo pipefail

# The same folders that internal/embedded/postgres looks in.
complete() { [[ -x "$1/initdb" && -x "$1/postgres" ]]; }

present() {
  local found dir
  if found=$(command -v postgres) && complete "$(dirname "$(readlink -f "$found")")"; then return 0; fi
  for dir in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/libexec/postgresql* \
    /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin \
    /Applications/Postgres.app/Contents/Versions/*/bin; do
    if complete "$dir"; then return 0; fi
  done
  return 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# RUNLEVEL=1 keeps Debian from starting a server of its own, which nobody asked for.
install_apt() {
  $as_root apt-get update -q
  $as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -q --no-install-recommends postgresql
}

if present; then exit 0; fi

if has brew; then
  echo "Installing PostgreSQL with Homebrew ..."
  exec brew install postgresql@17
fi

as_root=""
if [[ $(id -u) -ne 0 ]]; then as_root="sudo -n"; fi
if has apt-get; then type="apt-get update && sudo apt-get install -y --no-install-recommends postgresql"
elif has dnf; then type="dnf install -y postgresql-server postgresql-contrib"
elif has apk; then type="apk add postgresql postgresql-contrib"
elif has pacman; then type="pacman -S --noconfirm postgresql"
else
  echo "PostgreSQL is not installed. Install it (version 15 or later, with its contrib modules): https://www.postgresql.org/download/" >&2
  exit 1
fi
if [[ -n $as_root ]] && ! sudo -n true 2>/dev/null; then
  printf 'PostgreSQL is not installed. Install it with:\n\n    sudo %s\n\nand run the same command again.\n' "$type" >&2
  exit 1
fi

echo "Installing PostgreSQL ..."
case $type in
  apt-get*) install_apt ;;
  dnf*) $as_root dnf install -y postgresql-server postgresql-contrib ;;
  apk*) $as_root apk add postgresql postgresql-contrib ;;
  pacman*) $as_root pacman -S --noconfirm postgresql ;;
esac
present
