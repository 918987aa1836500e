#!/usr/bin/env bash
# Whether each kind of event stood on some chain while the tests ran: `tell_events` of their harness keeps which did.
# A kind that no test brings about is dead, or its test is missing. Run after all native tests.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${CARGO_TARGET_DIR:-target}/tmp/events
[ -d "$folder" ] || { echo 'no test has told yet'; echo '0 passed, 1 failed'; exit 1; }
seen=$(cat "$folder"/* | sort -un)
passed=0 failed=0
while read -r code name; do
  if grep -qx "$code" <<<"$seen"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "no test brings about $code $name"; fi
done < <(sed -nE 's/^    ([0-9]+) ([A-Z][A-Za-z]+) \{.*/\1 \2/p' crates/domain/src/event.rs)
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
