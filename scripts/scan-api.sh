#!/usr/bin/env bash
# usage: scan-api.sh URL KEY: tries the API of a running server with thousands of requests made from its description.
#
# Give it a demo server (SHEARLINE_REQUESTS_A_MINUTE high enough) and a key that may write everything: it adds clients,
# sites and jobs. The tool lives in a folder of its own and is fetched here only, never by `make test`.
set -euo pipefail
cd "$(dirname "$0")/.."
url=${1:?usage: scan-api.sh URL KEY} key=${2:?usage: scan-api.sh URL KEY}
tool=.tools/schemathesis/bin/st
if [ ! -x $tool ]; then
  python3 -m venv .tools/schemathesis
  .tools/schemathesis/bin/pip install --quiet schemathesis==4.32.5
fi
exec $tool --config-file scripts/schemathesis.toml run "$url/api/v1/openapi.json" --checks all --workers 1 -H "Authorization: Bearer $key"
