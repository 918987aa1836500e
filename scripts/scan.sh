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
scanner=.tools/scan/bin/detect-secrets
if [ ! -x $scanner ]; then
  python3 -m venv .tools/scan && .tools/scan/bin/pip install --quiet detect-secrets==1.5.0 || bad=1
fi
history=$(mktemp -p target history.XXXX.txt)
git log -p --no-color >"$history"
$scanner scan --all-files "$history" | node -e '
  const found = Object.values(JSON.parse(require("fs").readFileSync(0)).results).flat();
  for (const hit of found) console.log(`   ${hit.type}, line ${hit.line_number} of git log -p`);
  process.exit(found.length ? 1 : 0)' || bad=1
rm -f "$history"
exit $bad
