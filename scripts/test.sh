#!/usr/bin/env bash
# Runs every test and closes with one line, `N passed, N failed`. Each step runs even if one before it failed, unless
# it needs that one's result. The whole output is kept in target/test.log.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
mkdir -p target
log=target/test.log
: >"$log"
passed=0 failed=0

# step NAME COMMAND …: runs it, adds up what its runners counted; a failure that no runner counted counts as one.
step() {
  local name=$1 start=$SECONDS part code p f
  shift
  part=$(mktemp)
  echo "== $name" | tee -a "$log"
  "$@" 2>&1 | tee -a "$log" "$part"
  code=${PIPESTATUS[0]}
  read -r p f < <(awk '
    /^test result: /            { for (i = 1; i < NF; i++) { if ($(i+1) == "passed;") p += $i; if ($(i+1) == "failed;") f += $i } }
    /^[0-9]+ passed, [0-9]+ failed$/ { p += $1; f += $3 }
    END { print p + 0, f + 0 }' "$part")
  rm -f "$part"
  if [ "$code" != 0 ] && [ "$f" = 0 ]; then f=1; fi
  if [ "$code" = 0 ] && [ "$f" != 0 ]; then code=1; fi
  passed=$((passed + p)) failed=$((failed + f))
  echo "== $name: $([ "$code" = 0 ] && echo ok || echo FAILED) after $((SECONDS - start)) s" | tee -a "$log"
  return "$code"
}

rm -rf "${CARGO_TARGET_DIR:-target}/tmp/events"
step 'native tests' scripts/test-postgres.sh cargo test --no-fail-fast
step 'kinds of events' scripts/events.sh
step 'fuzzing' scripts/fuzz.sh
step 'build steps' cargo test --quiet --manifest-path xtask/Cargo.toml
if step 'browser assets' cargo xtask assets build --release && step 'server' cargo build -p server; then
  step 'browser journeys' node end2end/run.mjs
else
  echo 'browser journeys not run: nothing to run them on' | tee -a "$log"
fi

echo "$passed passed, $failed failed" | tee -a "$log"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
