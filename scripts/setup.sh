#!/usr/bin/env bash
# Installs what building needs, and with `test` also what testing needs. Every step looks first: a second run takes
# a second or two. Only Debian and Ubuntu are installed for; elsewhere it names what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
log() { echo "setup: $*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }
if [ "$(id -u)" = 0 ]; then SUDO=; else SUDO=sudo; fi

# The standard error of a quiet step is shown only when it fails.
quietly() {
  local out
  out=$(mktemp)
  if ! "$@" >"$out" 2>&1; then cat "$out" >&2; rm -f "$out"; return 1; fi
  rm -f "$out"
}

apt_install() {
  log "installing $*"
  quietly $SUDO apt-get update -qq || log "apt-get update failed; trying with the lists there are"
  # Our own clusters are private, so the one Debian would make and start is not wanted.
  local drop=/etc/postgresql-common/createcluster.d/shearline.conf
  if [ ! -e /etc/postgresql-common ]; then
    $SUDO mkdir -p "${drop%/*}"
    echo 'create_main_cluster = false' | $SUDO tee "$drop" >/dev/null
  fi
  # apt's exit code also reports other half-configured packages: `need` below looks for ours.
  quietly $SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" || true
  $SUDO rm -f "$drop"
}

# The packages whose command is missing, installed in one go.
packages() {
  local missing=()
  have cc || missing+=(gcc libc6-dev)
  have make || missing+=(make)
  have mold || missing+=(mold)
  have git || missing+=(git)
  have setpriv || missing+=(util-linux)
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql postgresql-client)
  if [ "$1" = test ]; then
    have c++ || missing+=(g++)
    have softhsm2-util || missing+=(softhsm2)
    have chromium || have chromium-browser || have google-chrome || missing+=(chromium)
    fc-list 2>/dev/null | grep -q . || missing+=(fontconfig fonts-dejavu-core)
  fi
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! have apt-get; then log "please install: ${missing[*]}"; exit 1; fi
  apt_install "${missing[@]}"
  have cc && have mold && ls /usr/lib/postgresql/*/bin/initdb >/dev/null || { log "could not install ${missing[*]}"; exit 1; }
}

# A compiler that knows wasm32: Debian's own packages on Debian, rustup's elsewhere.
toolchain() {
  local name std=auto
  [ -e /etc/debian_version ] && apt-cache show rustc-web >/dev/null 2>&1 && std=debian
  name=$(WASM_STD=${WASM_STD:-$std} bash scripts/wasm-toolchain.sh)
  if [ "$name" = system ]; then echo '# the system toolchain'; else echo "export RUSTUP_TOOLCHAIN=$name"; fi >.env.toolchain
}

case ${1:-build} in
  build | test) ;;
  *) echo "usage: scripts/setup.sh [build|test]" >&2; exit 2 ;;
esac
packages "${1:-build}"
toolchain
bash scripts/node.sh
