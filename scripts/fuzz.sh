#!/usr/bin/env bash
# usage: fuzz.sh [TARGET …]: fuzzes whatever reads bytes from strangers, FUZZ_SECONDS (default 10) each, led by coverage.
#
# libFuzzer with the compiler we have: the instrumentation is LLVM's, so no nightly is needed. What it learned is kept in
# target/fuzz/corpus; an input that fails is kept in target/fuzz/found and named.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
seconds=${FUZZ_SECONDS:-10}
folder=$PWD/target/fuzz
export RUSTFLAGS='--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table
  -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1'
# A target of its own: these flags fit nothing else. Named, so that build scripts are not instrumented.
host=$(rustc -vV | sed -n 's/^host: //p')
cargo build --quiet --manifest-path fuzz/Cargo.toml --target-dir "$folder" --target "$host" || { echo '0 passed, 1 failed'; exit 1; }

targets=("$@")
[ $# -gt 0 ] || mapfile -t targets < <(cd fuzz/fuzz_targets && ls -- *.rs | sed 's/\.rs$//')
passed=0 failed=0
for target in "${targets[@]}"; do
  mkdir -p "$folder/corpus/$target" "$folder/found"
  seeds=(); [ -d "fuzz/seeds/$target" ] && seeds=("fuzz/seeds/$target")
  log=$folder/$target.log
  if "$folder/$host/debug/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1500 -print_final_stats=1 \
    -artifact_prefix="$folder/found/$target-" "$folder/corpus/$target" "${seeds[@]}" >"$log" 2>&1; then
    passed=$((passed + 1))
    echo "ok    $target: $(sed -n 's/.*number_of_executed_units: *//p' "$log") inputs, $(sed -n 's/.*cov: \([0-9]*\).*/\1/p' "$log" | tail -1) edges"
  else
    failed=$((failed + 1))
    echo "FAIL  $target"
    grep -a -m5 -E 'panicked|ERROR|Test unit written|assertion' "$log" | sed 's/^/      /'
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
