# The two commands are `make run` and `make test`. Everything they need they install themselves.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup setup-test assets server run dev check test e2e sqlx bench scan fuzz fips matrix faults clean

ENV := . scripts/env.sh &&

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install compiler, PostgreSQL and Node where missing
	@scripts/setup.sh build

setup-test:
	@scripts/setup.sh test

assets: setup
	@$(ENV) cargo xtask assets build --release

server: setup
	@$(ENV) cargo build -p server

run: assets server ## build, start on http://127.0.0.1:3000 with the demo shops
	@exec scripts/run.sh

dev: setup ## the same, rebuilt and restarted on every change
	@$(ENV) exec cargo xtask dev

check: setup ## formatting, lints, generated files
	@scripts/check.sh

test: setup-test ## every test, browser included
	@scripts/test.sh

e2e: setup-test assets server ## the browser journeys alone; ONLY=signin picks, SHOTS=1 keeps screenshots
	@$(ENV) node end2end/run.mjs $(ONLY)

sqlx: setup ## refresh .sqlx, the checked queries' metadata
	@scripts/sqlx.sh write

bench: setup ## our pages beside the bare floor of bench/, in one run: CPU, tails, ratios to the goals
	@scripts/bench.sh

scan: assets server ## scanners at a running server with TLS; vulnerabilities and licences of dependencies; secrets in the history
	@scripts/scan.sh

fuzz: setup-test ## whatever reads bytes from strangers, ten seconds a target (FUZZ_SECONDS)
	@scripts/fuzz.sh

fips: setup ## the vault's tests on AWS-LC's FIPS module; wants CMake, Go and a C compiler
	@for tool in cmake go cc; do command -v $$tool >/dev/null || { echo "make fips wants $$tool"; exit 1; }; done
	@$(ENV) cargo test -p vault --features fips

matrix: ## write docs/SECURITY-MATRIX.md from its rows and the tests in the sources
	@$(ENV) SHEARLINE_REVIEW=1 cargo test --quiet -p server --test it -- matrix

faults: setup ## plant the faults of docs/faults.toml in a copy of the tree, one build each; ONLY=word picks
	@$(ENV) cargo xtask faults $(ONLY)

clean: ## remove what was built; keeps data/, what lies beside it, and installed tools
	@$(ENV) cargo clean; cargo clean --quiet --manifest-path xtask/Cargo.toml
