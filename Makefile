# Every target is a few plain lines. PYTHON chooses the interpreter that makes .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run demo test lint format bench lock clean

run: .venv/ready             ## one check with the starter configuration: the story's sources
	@test -f watch.toml || $(BIN)/watch init .
	$(BIN)/watch --once

demo: .venv/ready            ## July 2025 replayed on a loopback web site; needs no network
	$(BIN)/watch demo

test: .venv/dev
	$(BIN)/python -m pytest $(PYTEST)

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.venv/ready: requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: .venv/ready requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

lock:                        ## pin every dependency by hash, naming no index; needs uv
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --group dev pyproject.toml -o requirements-dev.txt
	printf "hatchling\neditables\n" | uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --no-header --constraint requirements-dev.txt pyproject.toml - -o requirements.txt

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache
