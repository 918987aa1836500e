#!/usr/bin/env bash
# usage: sqlx.sh write|check: the metadata of the checked queries, made from the migrations in a throw-away cluster.
#
# `write` refreshes .sqlx; `check` fails if that would change anything. Needs no sqlx-cli: the macros themselves save
# what they learn when SQLX_OFFLINE_DIR is set, and no built server: a new query could not compile before it is known.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
case ${1:-} in
  write | check) exec scripts/test-postgres.sh "$0" inside "$1" ;;
  inside) mode=$2 ;;
  *) echo "usage: scripts/sqlx.sh write|check" >&2; exit 2 ;;
esac

# Roles are cluster-wide and made by `shearline migrate`; here the names the migrations use are enough.
for role in $(grep -oh '\bshearline_[a-z]*' migrations/*.sql | sort -u); do
  psql "$SHEARLINE_TEST_PG" -qc "create role $role"
done
psql "$SHEARLINE_TEST_PG" -qc 'create database scratch owner shearline_owner'
url=${SHEARLINE_TEST_PG/\/postgres\?//scratch?}
for file in migrations/*.sql; do
  psql "$url" -q -1 -v ON_ERROR_STOP=1 -c 'set local role shearline_owner' -f "$file" >/dev/null
done

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
# The nonce makes cargo run the compiler even when nothing changed; only check builds see it, so the server's stay.
SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$fresh DATABASE_URL=$url \
  cargo rustc --quiet -p store --lib --profile check -- --cfg "prepared=\"$$-$SECONDS\""
[ -n "$(ls "$fresh")" ] || { echo "sqlx: the build checked no query" >&2; exit 1; }

if [ "$mode" = check ]; then
  if diff -rq "$fresh" .sqlx; then echo "sqlx: .sqlx is up to date ($(ls .sqlx | wc -l) queries)"; else
    echo "sqlx: .sqlx is stale: run make sqlx" >&2
    exit 1
  fi
else
  mkdir -p .sqlx
  rm -f .sqlx/query-*.json
  cp "$fresh"/* .sqlx/
  chmod 644 .sqlx/*
  echo "sqlx: $(ls .sqlx | wc -l) queries in .sqlx"
fi
