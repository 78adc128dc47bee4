# One verb per need. Everything is installed into .venv, pinned by hash; nothing is installed twice.

BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo test test-deep test-neo4j test-spark check bench bench-linkage docs lock clean

help: ## List these verbs
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Set up, invent a council, build its graph and serve it (FNX_PEOPLE, FNX_PORT, FNX_DATA)
	@.ci/setup run
	@exec .ci/demo

test: ## Set up and run every test that needs no Neo4j and no Spark, then print the slowest
	@.ci/setup dev
	@.ci/setup chromium
	@.ci/test

test-deep: ## Property tests alone, at thousands of new examples each (6 minutes)
	@.ci/setup dev
	@$(BIN)/python -m pytest -m "hypothesis and not neo4j and not spark" --hypothesis-profile=deep --durations=5

test-neo4j: ## Fetch a Neo4j server and run the store contract and every query on it
	@.ci/setup dev
	@.ci/setup maven
	@$(BIN)/python -m tests.neo4j_server -- $(BIN)/python -m pytest -m neo4j --durations=5

test-spark: ## Fetch Spark (456 MB) and compare linking on it with linking on DuckDB
	@.ci/setup spark
	@.venv-spark/bin/python -m pytest -m spark --durations=5 tests/test_linkage_spark.py

check: ## Formatting, lint, types, import direction, locks, vendored files, architecture and docs; changes nothing
	@.ci/setup dev
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/test_architecture.py tests/test_docs.py tests/test_lock.py

bench: ## Measure refresh, pages, linkage and tests, and print a table (BENCH=full for 200,000 people as well)
	@.ci/setup dev
	@$(BIN)/python -m tests.bench

bench-linkage: ## Measure linking beside other programs and write docs/benchmarks.md (BENCH=full for a larger council and a million records)
	@.ci/setup dev
	@.ci/setup peers
	@$(BIN)/python -m tests.bench.linkage_peers

docs: ## Write the generated pages of docs/ again
	@.ci/setup dev
	@$(BIN)/python -m tests.generated_docs

lock: ## Resolve the dependencies again and write the lock files
	@.ci/setup dev
	@$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-header --quiet -o requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml -c requirements-dev.lock --universal --generate-hashes --no-emit-index-url --no-header --quiet -o requirements.lock
	$(BIN)/uv pip compile --group peers --universal --generate-hashes --no-emit-index-url --no-header --quiet -o requirements-peers.lock
	$(BIN)/uv pip compile pyproject.toml --extra spark -c requirements-dev.lock --universal --generate-hashes --no-emit-index-url --no-header --quiet -o requirements-spark.lock

clean: ## Remove .venv and every cache; keep the data folder
	rm -rf .venv .venv-peers .venv-spark .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache bench-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
