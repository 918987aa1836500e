#!/usr/bin/env bash
# Measures the release build beside the floor (bench/) on a throw-away PostgreSQL, prints figures and ratios, and keeps
# them in target/bench.json. Fails only when a page answers wrongly. BENCH_JOBS and BENCH_PASSES: see bench/src/main.rs.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
cargo build --release -p server -p bench
# The pages name the assets they load, so the server wants some; their figures do not depend on which.
export SHEARLINE_SITE=${SHEARLINE_SITE:-$PWD/target/site}
[ -f "$SHEARLINE_SITE/assets.json" ] || cargo xtask assets build --release
scripts/test-postgres.sh "${CARGO_TARGET_DIR:-target}/release/bench"
