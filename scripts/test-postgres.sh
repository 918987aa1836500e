#!/usr/bin/env bash
# usage: test-postgres.sh COMMAND …: runs COMMAND beside a throw-away PostgreSQL and removes it afterwards.
#
# COMMAND finds a superuser's address in SHEARLINE_TEST_PG. The cluster lives in a folder any user can reach (a clone
# may not be), listens on a socket only, and trades durability for speed. Started by root, it runs as `postgres`.
set -euo pipefail
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || { echo "test-postgres: PostgreSQL is not installed (make setup)" >&2; exit 1; }
base=/var/tmp
[ -w "$base" ] || base=/tmp
dir=$(mktemp -d "$base/shearline-pg.XXXXXX")
chmod 755 "$dir"

as_postgres() {
  if [ "$(id -u)" = 0 ]; then
    (cd / && setpriv --reuid=postgres --regid=postgres --init-groups env -i PATH="$bin:/usr/bin:/bin" LC_ALL=C.UTF-8 HOME="$dir" "$@")
  else
    (cd / && env PATH="$bin:$PATH" LC_ALL=C.UTF-8 "$@")
  fi
}

finish() {
  local code=$?
  trap - EXIT
  as_postgres pg_ctl -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$dir"
  exit $code
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

mkdir -p "$dir/data" "$dir/run"
chmod 700 "$dir/data"
[ "$(id -u)" != 0 ] || chown postgres: "$dir/data" "$dir/run"
as_postgres initdb -D "$dir/data" -U postgres --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 ||
  { cat "$dir/initdb.log" >&2; exit 1; }
cat >>"$dir/data/postgresql.conf" <<C
listen_addresses = ''
unix_socket_directories = '$dir/run'
unix_socket_permissions = 0777
max_connections = 200
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum_naptime = 5min
shared_buffers = 128MB
max_wal_size = 2GB
C
as_postgres pg_ctl -D "$dir/data" -w -t 60 -l "$dir/data/log" start >/dev/null ||
  { cat "$dir/data/log" >&2; exit 1; }
export SHEARLINE_TEST_PG="postgres:///postgres?host=$dir/run&user=postgres"
"$@"
