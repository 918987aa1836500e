#!/usr/bin/env bash
# What one sees from outside, what scanners find from inside, licences and known vulnerabilities of what we build on, and
# secrets in the history. Shows all before it fails.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
bad=0

echo '== from outside'
scripts/scan-outside.sh || bad=1

echo '== from inside'
node scripts/scan-inside.mjs || bad=1

echo '== licences of the crates'
cargo metadata --format-version 1 --locked --quiet | node scripts/licences.mjs || bad=1

echo '== known vulnerabilities of the crates'
# Building cargo-audit takes tens of minutes, so it is asked for and not installed here.
if command -v cargo-audit >/dev/null; then
  cargo audit --deny warnings ${ADVISORIES:+--no-fetch --db "$ADVISORIES"} || bad=1
else
  echo '   not looked: cargo install cargo-audit, then again (ADVISORIES=folder works without a network)'
  bad=1
fi

echo '== secrets in the history'
scripts/scan-history.sh || bad=1
exit $bad
