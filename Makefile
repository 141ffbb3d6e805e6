# make demo   set up and judge the shipped designs
# make test   set up, then lint, types, layers, rule examples, and tests, which check the docs too
# make slow   the tests that take long; CI runs them after the others
PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest -n auto --dist worksteal

.PHONY: demo test slow lint types layers rules docs unit bench clean

demo: $(VENV)/ready
	$(BIN)/policy-eval evaluate sesame-credit-2018 -p gdpr
	$(BIN)/policy-eval compare sesame-credit-2018 sesame-credit-unticked privacy-first-credit -p gdpr -p eu-ai-act
	$(BIN)/policy-eval compare sesame-credit-2018
	@mkdir -p build
	$(BIN)/policy-eval compare designs/*.design.yaml -p gdpr -p eu-ai-act -f html > build/gallery.html
	@echo "The comparison of all shipped designs, as a page: build/gallery.html"

test: lint types layers rules unit

slow: $(VENV)/ready $(VENV)/node
	$(PYTEST) -m slow

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

# Many tests start the program anew; compiled once, it starts in half the time whatever the environment says.
unit: $(VENV)/ready $(VENV)/node
	$(BIN)/python -m compileall -q policy_eval
	$(PYTEST) -m "not slow"

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

# Programs that some tests run (tests/node). Where npm is not at hand or cannot fetch them, those tests are left out.
# The SARIF tool comes without the right to be executed.
$(VENV)/node: tests/node/package.json tests/node/package-lock.json tests/node/.npmrc | $(VENV)/ready
	@if command -v npm >/dev/null && npm ci --prefix tests/node --no-audit --no-fund --loglevel=error \
	  && chmod u+x tests/node/node_modules/@microsoft/sarif-multitool-*/Sarif.Multitool; \
	then touch $@; \
	else echo "node packages were not installed (Node.js, npm, network?): the tests with node programs are left out"; fi

clean:
	rm -rf $(VENV) build tests/node/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
