#!/usr/bin/env bash
# Formatting, lints and generated files. Shows every complaint before it fails.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
bad=0
step() {
  echo "== $1"
  shift
  "$@" || { bad=1; echo "   ^ failed: $*"; }
}

step 'lock files' cargo metadata --locked --format-version 1 --quiet >/dev/null
step 'lock file of xtask' cargo metadata --locked --format-version 1 --quiet --manifest-path xtask/Cargo.toml >/dev/null
step 'formatting' cargo fmt --all --check
step 'formatting of xtask' cargo fmt --manifest-path xtask/Cargo.toml --check
step 'lints' cargo clippy --quiet --all-targets -- -D warnings
step 'lints of xtask' cargo clippy --quiet --manifest-path xtask/Cargo.toml --all-targets -- -D warnings
# The entries one by one and apart from the server: in one cargo call their features would unify.
for entry in office portal verify; do
  step "lints of the $entry entry" \
    cargo clippy --quiet -p "frontend-$entry" --target wasm32-unknown-unknown -- -D warnings
done
step 'query metadata' scripts/sqlx.sh check
for script in end2end/*.mjs end2end/journeys/*.mjs scripts/*.mjs xtask/node/*.mjs; do
  [ ! -e "$script" ] || step "syntax of $script" node --check "$script"
done
for script in scripts/*.sh .ci/run; do
  step "syntax of $script" bash -n "$script"
done
exit $bad
