#!/usr/bin/env bash
# Makes `cargo build --target wasm32-unknown-unknown` work; prints the toolchain name to use on stdout.
set -euo pipefail
T=wasm32-unknown-unknown TC=${WASM_TOOLCHAIN:-debweb}
log() { echo "wasm-toolchain: $*" >&2; }
has_std() { ls "$(rustc "$@" --print target-libdir --target $T)"/libstd-*.rlib >/dev/null 2>&1; }
# 1. the ordinary way (WASM_STD=debian skips it)
if [ "${WASM_STD:-auto}" = debian ]; then :
elif command -v rustup >/dev/null; then
  active=$(rustup show active-toolchain 2>/dev/null | awk '{print $1}')
  if [ "$active" != "$TC" ] && { has_std || { timeout 120 rustup target add $T >&2 && has_std; }; }; then echo "$active"; exit 0; fi
elif has_std; then echo system; exit 0; fi
# 2. Debian's compiler, std built once from its own sources into its sysroot
SUDO=; [ "$(id -u)" = 0 ] || SUDO=sudo
pk="rustc-web cargo-web rust-web-src rust-web-llvm lld-22 rustfmt-web rust-web-clippy"
dpkg -s $pk >/dev/null 2>&1 || { $SUDO apt-get update -qq >&2; $SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $pk >&2; }
LIB=$(/usr/bin/rustc --print sysroot)/lib/rustlib/$T/lib
STAMP=$LIB/.built-by
if [ "$(cat "$STAMP" 2>/dev/null)" != "$(/usr/bin/rustc -vV)" ]; then
  log "building the standard library for $T once, for Debian's compiler"
  D=$(mktemp -d); trap 'rm -rf "$D"' EXIT; mkdir "$D/src"; : > "$D/src/lib.rs"
  printf '[package]\nname="seed"\nversion="0.0.0"\nedition="2021"\n[profile.release]\nopt-level=3\ncodegen-units=1\n[workspace]\n' > "$D/Cargo.toml"
  ( cd "$D" && env -u CARGO_TARGET_DIR -u RUSTUP_TOOLCHAIN RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
      RUSTFLAGS="-Cembed-bitcode=yes" /usr/bin/cargo build -q --release --target $T \
      -Zbuild-std=core,alloc,std,panic_abort,proc_macro,test --target-dir "$D/t" >&2 )
  $SUDO rm -rf "$LIB"; $SUDO mkdir -p "$LIB"
  find "$D/t/$T/release/deps" -name 'lib*.rlib' ! -name 'libseed-*' -exec $SUDO cp {} "$LIB/" \;
  /usr/bin/rustc -vV | $SUDO tee "$STAMP" >/dev/null
fi
if command -v rustup >/dev/null; then rustup toolchain link "$TC" /usr >&2; has_std +$TC; echo "$TC"; else has_std; echo system; fi
