#!/usr/bin/env bash
# What one sees from outside: starts the built server with TLS and a certificate of a test authority, empty, on ports 443 and 80
# of this machine, and lets the usual scanners at it. Needs root (for the ports) and `make assets server` before it.
#
# SCAN_SLOW=1 lets testssl run too (two to three minutes). Figures are kept in target/scan.json.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
bad=0
# The gate: 140 is all there is without a domain on the browsers' preload list and without a script's integrity attribute.
least=135
tools=$PWD/.tools
fail() { echo "   FAILED: $*"; bad=1; }

install() {
  local o=$tools/observatory
  if [ ! -e "$o/node_modules/@mdn/mdn-http-observatory" ]; then
    mkdir -p "$o" && npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$o" @mdn/mdn-http-observatory@1.4.8 || return 1
  fi
  # Its own install step downloads two lists. Without them nothing counts as preloaded.
  local conf=$o/node_modules/@mdn/mdn-http-observatory/conf
  mkdir -p "$conf" && echo '{}' >"$conf/hsts-preload.json" && echo '[]' >"$conf/tld-list.json"
  if [ ! -x "$tools/sslyze/bin/sslyze" ]; then
    python3 -m venv "$tools/sslyze" && "$tools/sslyze/bin/pip" install --quiet sslyze==6.3.1 || return 1
  fi
}

# A certificate for localhost by an authority made for this run.
papers() {
  local d=$1
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj '/CN=Shearline test authority' \
    -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
    -keyout "$d/ca.key" -out "$d/ca.pem" 2>/dev/null
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=localhost' -keyout "$d/key.pem" -out "$d/req.pem" 2>/dev/null
  printf '%s\n' 'subjectAltName=DNS:localhost,IP:127.0.0.1' 'basicConstraints=critical,CA:FALSE' 'keyUsage=critical,digitalSignature' \
    'extendedKeyUsage=serverAuth' 'subjectKeyIdentifier=hash' 'authorityKeyIdentifier=keyid' >"$d/ext"
  openssl x509 -req -in "$d/req.pem" -CA "$d/ca.pem" -CAkey "$d/ca.key" -CAcreateserial -days 90 -extfile "$d/ext" -out "$d/cert.pem" 2>/dev/null
  cat "$d/ca.pem" >>"$d/cert.pem"
}

observatory() {
  echo '== MDN HTTP Observatory'
  NODE_EXTRA_CA_CERTS=$dir/ca.pem node "$tools/observatory/node_modules/@mdn/mdn-http-observatory/src/scan.js" localhost >"$dir/observatory.json" 2>"$dir/observatory.err" ||
    { cat "$dir/observatory.err"; fail 'it did not run'; return; }
  node -e '
    const { scan, tests } = JSON.parse(require("fs").readFileSync(process.argv[1]));
    for (const [name, test] of Object.entries(tests)) console.log(`   ${test.pass ? "pass" : "FAIL"}  ${name}: ${test.result} (${test.scoreModifier})`);
    console.log(`   score ${scan.score}, grade ${scan.grade}, ${scan.testsPassed}/${scan.testsQuantity} tests`);
    process.exit(scan.score >= Number(process.argv[2]) ? 0 : 1)' "$dir/observatory.json" "$least" || fail "below $least"
}

tls() {
  echo '== sslyze, intermediate profile of Mozilla'
  "$tools/sslyze/bin/sslyze" --mozilla_config=intermediate --certinfo_ca_file="$dir/ca.pem" localhost:443 >"$dir/sslyze.txt" 2>&1 ||
    { tail -20 "$dir/sslyze.txt"; fail 'not compliant'; }
  grep -iE 'localhost:443: ' "$dir/sslyze.txt" | sed 's/^/  /'
  [ -n "${SCAN_SLOW:-}" ] || return
  echo '== testssl'
  local testssl
  testssl=$(command -v testssl || command -v testssl.sh) || { fail 'not installed: apt-get install testssl.sh'; return; }
  "$testssl" --quiet --color 0 --ip 127.0.0.1 --add-ca "$dir/ca.pem" --jsonfile "$dir/testssl.json" https://localhost:443/ >"$dir/testssl.txt" 2>&1
  # What only a public authority could do better: a revocation address, a longer life, transparency.
  node -e '
    const found = JSON.parse(require("fs").readFileSync(process.argv[1])).filter((one) => ["HIGH", "CRITICAL"].includes(one.severity));
    const ours = found.filter((one) => !/cert_(trust|revocation|validityPeriod|expirationStatus|notAfter|chain|crl|ocsp)/i.test(one.id));
    for (const one of found) console.log(`   ${one.severity} ${one.id}: ${one.finding}`);
    console.log(`   ${ours.length} high findings but those a test certificate brings`);
    process.exit(ours.length ? 1 : 0)' "$dir/testssl.json" || fail 'high findings'
}

sweep() {
  echo '== plain port, ports, guesses'
  local path code
  for path in / /sign-in /p/x /fn/desk/list_clients; do
    code=$(curl -s -o /dev/null -w '%{http_code} %{redirect_url}' "http://localhost$path")
    [ "$code" = "301 https://localhost$path" ] || fail "http $path: $code"
    code=$(curl -s -o /dev/null -w '%{http_code}' -X POST -d a=b "http://localhost$path")
    [ "$code" = 405 ] || fail "http POST $path: $code"
  done
  for path in metrics debug .env .git/config assets.json api/v1/clients server-status wp-login.php; do
    code=$(curl -s --cacert "$dir/ca.pem" -o /dev/null -w '%{http_code}' "https://localhost/$path")
    case $code in 302 | 303 | 401 | 404) ;; *) fail "/$path: $code" ;; esac
  done
  curl -s --cacert "$dir/ca.pem" -D - -o /dev/null https://localhost/sign-in | grep -iE '^(server|x-powered-by|via):' && fail 'a header names the server'
  code=$(curl -s --http2 --cacert "$dir/ca.pem" -o /dev/null -w '%{http_version}' https://localhost/sign-in)
  [ "$code" = 2 ] || fail "HTTP/2 was not spoken but $code"
  local ports
  ports=$(ss -ltnpH 2>/dev/null | awk -v pid="pid=$server," '$0 ~ pid { n = split($4, a, ":"); print a[n] }' | sort -un | xargs)
  echo "   listens on: $ports"
  [ "$ports" = '80 443' ] || fail "expected 80 443"
}

[ "$(id -u)" = 0 ] || { echo 'scan-outside: ports 80 and 443 need root' >&2; exit 1; }
binary=${SCAN_BINARY:-${CARGO_TARGET_DIR:-target}/debug/shearline}
[ -x "$binary" ] && [ -e target/site/assets.json ] || { echo 'scan-outside: make assets server first' >&2; exit 1; }
install || { echo 'scan-outside: the scanners could not be installed' >&2; exit 1; }
dir=$(mktemp -d /var/tmp/shearline-scan.XXXX)
chmod 755 "$dir"
papers "$dir"
cp -r target/site "$dir/site"
cp "$binary" "$dir/shearline"
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; [ -z "$server" ] || wait "$server" 2>/dev/null; rm -rf "$dir"' EXIT
env -u DATABASE_URL SHEARLINE_ADDR=127.0.0.1:443 SHEARLINE_TLS_CERT="$dir/cert.pem" SHEARLINE_TLS_KEY="$dir/key.pem" \
  SHEARLINE_PUBLIC_URL=https://localhost SHEARLINE_DATA="$dir/data" SHEARLINE_SITE="$dir/site" \
  SHEARLINE_SECURITY_CONTACT=mailto:security@localhost "$dir/shearline" serve >"$dir/log" 2>&1 &
server=$!
for _ in $(seq 300); do
  curl -sf --cacert "$dir/ca.pem" https://localhost/readyz >/dev/null && break
  kill -0 "$server" 2>/dev/null || { cat "$dir/log"; exit 1; }
  sleep 0.2
done
observatory
tls
sweep
mkdir -p target
node -e '
  const fs = require("fs"), { scan } = JSON.parse(fs.readFileSync(process.argv[1]));
  fs.writeFileSync("target/scan.json", JSON.stringify({ at: new Date().toISOString(), observatory: scan, ok: process.argv[2] === "0" }, null, 1))' "$dir/observatory.json" "$bad"
exit $bad
