# Sourced by every script and by the Makefile: the toolchain and tools that `make setup` put in place.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if [ -f "$root/.env.toolchain" ]; then . "$root/.env.toolchain"; fi
export PATH="$root/.tools/bin:$root/node_modules/.bin:$PATH"
# Colour only where somebody looks.
[ -t 1 ] || export CARGO_TERM_COLOR=never NO_COLOR=1
