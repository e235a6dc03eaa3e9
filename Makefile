# Six verbs: setup format check test docs release. The rest runs things. Nothing here needs more than python3 and make.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup format check test docs release serve demo bench cover lock clean

bin := .venv/bin
pip := PIP_DISABLE_PIP_VERSION_CHECK=1 $(bin)/python -m pip install --quiet

help:  ## show this list
	@sed -n 's/^\([a-z]*\):.*##/\1 ·/p' Makefile | column -t -s '·'

setup: .venv/dev.stamp  ## make .venv with everything that development needs

format: .venv/dev.stamp  ## rewrite the code in the house's form
	$(bin)/ruff format . && $(bin)/ruff check --fix .

check: .venv/dev.stamp  ## formatting, lint, types, import contracts, generated docs
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/mypy
	$(bin)/lint-imports
	$(bin)/python -m tools.generate_docs --check

test: .venv/dev.stamp  ## the whole test suite (PYTEST_ARGS="-k name" for a part)
	$(bin)/python -m pytest $(PYTEST_ARGS)

docs: .venv/dev.stamp  ## write the generated pages of the documentation
	$(bin)/python -m tools.generate_docs

release: check test  ## build the sdist and the wheel of the version in src/ossicle/_version.py
	grep -q "^## $$($(bin)/hatchling version)" CHANGELOG.md || { echo "CHANGELOG.md has no entry for this version" >&2; exit 1; }
	$(bin)/hatchling build

serve: .venv/run.stamp  ## start a server in ./ossicle-data with a bucket "demo" (SERVE_ARGS for more)
	@$(bin)/ossicle serve --data-dir ./ossicle-data --bucket demo --first-upload $(SERVE_ARGS)

demo: .venv/run.stamp  ## play the whole story in a temporary directory
	@$(bin)/ossicle demo

bench: .venv/bench.stamp  ## measure everything beside SeaweedFS on this machine, in about 25 minutes (BENCH_ARGS for a part)
	$(bin)/python -m bench $(or $(BENCH_ARGS),all)

cover: .venv/dev.stamp  ## the test suite with branch coverage
	$(bin)/python -m pytest --cov --cov-report=term-missing $(PYTEST_ARGS)

lock: .venv/dev.stamp  ## pin the newest allowed versions into requirements/*.txt
	$(pip) 'uv>=0.9'
	$(bin)/uv pip compile --quiet --no-header --generate-hashes --universal --python-version 3.11 --upgrade pyproject.toml --group build -o requirements/run.txt
	$(bin)/uv pip compile --quiet --no-header --generate-hashes --universal --python-version 3.11 --upgrade pyproject.toml --group build --group dev -c requirements/run.txt -o requirements/dev.txt
	$(bin)/uv pip compile --quiet --no-header --generate-hashes --universal --python-version 3.11 --upgrade --group bench -c requirements/dev.txt -o requirements/bench.txt

clean:  ## remove what the verbs above made, but for .venv and ./ossicle-data
	rm -rf build dist htmlcov .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache tests/{conformance,uploaders}/.build

# The server's own packages first and alone: `make serve` waits for nothing else. The lists are whole, so nothing is resolved: pip would look
# at the newest release of what a package asks for with an extra, and refuse that one for want of a hash.
.venv/run.stamp: requirements/run.txt pyproject.toml
	@tools/venv.sh
	@echo "Installing the server's packages ..." >&2
	@$(pip) --no-deps --require-hashes -r requirements/run.txt
	@$(pip) --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt
	@echo "Installing the packages for development ..." >&2
	@$(pip) --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

.venv/bench.stamp: .venv/run.stamp requirements/bench.txt
	@echo "Installing the peers to measure beside ..." >&2
	@$(pip) --no-deps --require-hashes -r requirements/bench.txt
	@touch $@
