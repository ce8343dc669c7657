# `make run` opens a practice shop; `make test` runs everything. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test test-btcpay stack pay bench setup fmt lint build-tests clean

SETUP := deploy/setup
STACK := $(SETUP)/with-node.sh node tests/stack/stack.mjs up
# Where cargo puts the server; the browser tests start it.
export POS_SERVER_BIN ?= $(abspath $(or $(CARGO_TARGET_DIR),target))/debug/pos-server

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build and open a practice shop: SQLite, sandbox wallet, nothing to set up (ARGS=… for the server)
	@$(SETUP)/build-tools.sh
	cargo run -p pos-server -- --sandbox $(ARGS)

setup: ## Install what the tests and the stack need; quick when it is there already
	@for part in build-tools node postgres bitcoind chromium lnd; do $(SETUP)/$$part.sh >/dev/null || exit 1; done

test: setup lint build-tests ## Everything, on SQLite and PostgreSQL, with real LNDs and a real browser
	$(STACK) --bitcoin --postgres --fleeting -- tests/run

test-btcpay: ## The BTCPay suite against a real server: BTCPAY_URL=… BTCPAY_TOKEN=…
	@: $${BTCPAY_URL:?the address of a BTCPay Server, regtest} $${BTCPAY_TOKEN:?a key that may make stores}
	cargo test -p btcpay-bridge --test suite -- --ignored

build-tests:
	cargo test --workspace --no-run

lint: ## Formatting and lints
	@$(SETUP)/build-tools.sh lint
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

fmt: ## Format the Rust sources
	cargo fmt --all

stack: setup ## A server on PostgreSQL, bitcoind, two LNDs and a played BTCPay, to use by hand
	cargo build -p pos-server -p btcpay-stand-in
	$(STACK) --bitcoin --postgres --publish -- node tests/stack/by-hand.mjs

pay: ## Pay an invoice as the customer of `make stack`: make pay INVOICE=lnbcrt… [SATS=…]
	@$(SETUP)/with-node.sh node tests/stack/pay.mjs '$(INVOICE)' $(SATS)

bench: setup ## The tables of speed, weight and memory, on both databases; also in target/bench.md
	cargo build --release -p pos-server --bin pos-server -p pos-bench --bin pos-bench
	$(STACK) --bitcoin --postgres -- $(abspath $(or $(CARGO_TARGET_DIR),target))/release/pos-bench

clean: ## Remove what was built in the checkout (the cache of real parts stays)
	cargo clean
	rm -rf tests/browser/node_modules tests/browser/shots
