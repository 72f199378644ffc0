# SPDX-License-Identifier: Apache-2.0
# The verbs of this project. CI calls them verbatim, so a local run and a CI run cannot differ.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CODE := webhook schemas certs controller scripts tools tests

.PHONY: help setup check format test fuzz demo run schemas docs manifests controlplane bench lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 15

setup: $(READY) ## a virtual environment with the locked dependencies

$(READY): pyproject.toml requirements-dev.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "kube-sagemaker needs Python 3.11 or newer, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

check: $(READY) ## format, lint, types, layers, and nothing generated is stale
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.generate --check
	$(BIN)/python -m tools.docs --check
	$(BIN)/python -m tools.manifests --check

format: $(READY) ## rewrite the code in the house format
	$(BIN)/ruff check --fix-only --quiet $(CODE)
	$(BIN)/ruff format $(CODE)

test: $(READY) ## every test; builds the real API server first where Go is
	$(BIN)/python -m pytest $(TESTS)

fuzz: $(READY) ## the fuzz targets of `make test`, a hundred times longer
	FUZZ_EXAMPLES=$(or $(EXAMPLES),30000) $(BIN)/python -m pytest tests/test_fuzz.py

demo: $(READY) ## the gate refuses a broken training job, before your eyes
	$(BIN)/python -m tools.demo

run: $(READY) ## the gate on https://127.0.0.1:8443 with a certificate of its own
	$(BIN)/kube-sagemaker serve --bind 127.0.0.1:8443 --self-signed build/tls --policy manifests/samples/policy.yaml

schemas: $(READY) ## schemas, catalogue and CRDs, from the pinned wheels
	$(BIN)/python -m tools.generate

docs: $(READY) ## the page of each rule, and the policy's schema
	$(BIN)/python -m tools.docs

manifests: $(READY) ## the webhook configurations and the installers
	$(BIN)/python -m tools.manifests

controlplane: $(READY) ## etcd, kube-apiserver, kube-controller-manager and kubectl, built once
	$(BIN)/python -m tests.controlplane.binaries

bench: $(READY) ## the gate against two no-ops; prints a table, writes build/bench.json
	$(BIN)/python -m tests.bench

lock: ## resolve the dependencies anew (needs uv)
	uv pip compile pyproject.toml --group pyproject.toml:dev --group pyproject.toml:build --universal \
	  --extra operators   --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 -q -o requirements-dev.lock
	uv pip compile pyproject.toml --universal \
	  --extra operators   --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 -q -o requirements.lock

clean: ## remove what was built here
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
