#!/usr/bin/env bash
# Makes the secrets of a Docker Compose installation once, in the file given. Keep that
# file with the backups: provider tokens in the database open only with its seal key.
set -euo pipefail

file=$1
[[ -s $file ]] && exit 0
mkdir -p "$(dirname "$file")"
umask 077
{
  echo "POSTGRES_PASSWORD=$(openssl rand -hex 24)"
  echo "TRACKLY_KEYS_SEAL=$(openssl rand -base64 32)"
  echo "TRACKLY_KEYS_LINKS=$(openssl rand -base64 32)"
} >"$file.new"
mv "$file.new" "$file"
echo "wrote new secrets to $file"
