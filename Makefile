# make demo   set up and judge the shipped designs
# make test   set up, then lint, types, layers, rule examples, and tests, which check the docs too
PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test lint types layers rules docs unit bench clean

demo: $(VENV)/ready
	$(BIN)/policy-eval evaluate sesame-credit-2018 -p gdpr
	$(BIN)/policy-eval compare sesame-credit-2018 sesame-credit-unticked privacy-first-credit -p gdpr -p eu-ai-act
	$(BIN)/policy-eval compare sesame-credit-2018

test: lint types layers rules unit

lint: $(VENV)/ready
	$(BIN)/ruff check .

types: $(VENV)/ready
	$(BIN)/mypy

layers: $(VENV)/ready
	$(BIN)/lint-imports --no-cache

rules: $(VENV)/ready
	$(BIN)/policy-eval test
	$(BIN)/policy-eval lint

docs: $(VENV)/ready
	$(BIN)/python docs/generate.py --check

unit: $(VENV)/ready
	$(BIN)/python -m pytest

bench: $(VENV)/ready
	$(BIN)/python -m benchmarks

# Where no C compiler is at hand durable_rules is left out and the reference evaluator serves alone.
$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -e '.[dev]'
	$(BIN)/python -m pip install --quiet -e '.[durable]' \
	  || echo "durable_rules was not built (C compiler, Python headers?): the reference evaluator serves alone"
	touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
