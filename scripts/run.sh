#!/usr/bin/env bash
# Starts the built server with the demo shops. Needs `make assets server` before it, which `make run` sees to.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
export SHEARLINE_DEV=1 SHEARLINE_SITE=${SHEARLINE_SITE:-$PWD/target/site}

# As root the server becomes an ordinary user, who may not be able to enter the folder this clone lies in.
stranger() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@" 2>/dev/null; }
if [ "$(id -u)" = 0 ] && ! stranger test -r "$SHEARLINE_SITE/assets.json"; then
  place=/var/lib/shearline
  mkdir -p "$place"
  chmod 755 "$place"
  rm -rf "$place/site"
  cp -r "$SHEARLINE_SITE" "$place/site"
  chmod -R a+rX "$place/site"
  export SHEARLINE_SITE=$place/site SHEARLINE_DATA=${SHEARLINE_DATA:-$place/data}
  echo "run: only root can enter $PWD, so data and assets are in $place" >&2
fi
exec "${CARGO_TARGET_DIR:-target}/debug/shearline" serve --demo
