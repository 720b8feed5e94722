# `make demo` and `make test` need git, make and Python 3.11+ with venv, nothing else.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PORT ?= 8000

# PyTorch's own index has CPU-only builds (about 200 MB). The default index gives Linux users a build
# with several GB of CUDA packages, so it is only the fallback where this index is out of reach.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu

# The first interpreter that is new enough; say `make PYTHON=/path/to/python3.12 ...` to choose one.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

# pip would do it on one core, tests of packages included.
COMPILE := $(BIN)/python -m compileall -q -j 0

.DEFAULT_GOAL := help
.PHONY: help install demo serve test notebooks lint types layers check bench lock clean

help:  ## list the targets
	@sed -n 's/^\([a-z][a-z]*\):.*## /\1: /p' Makefile

install: $(STAMP)  ## make .venv and install the locked versions

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Cần Python 3.11 trở lên (Debian/Ubuntu: apt install python3 python3-venv)." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python thiếu mô-đun venv; hãy cài: apt install python3-venv" >&2; exit 1; }
	@echo "Đang cài đặt vào $(VENV) (lần đầu mất vài phút)…"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@torch=$$(sed -n 's/^torch==//p' requirements.lock); \
	$(BIN)/python -c "import importlib.metadata as m, sys; sys.exit(m.version('torch').split('+')[0] != '$$torch')" 2>/dev/null \
	|| $(PIP) install -qq --no-deps --no-compile --timeout 8 --retries 0 --index-url $(TORCH_INDEX) torch==$$torch 2>/dev/null \
	|| echo "Không tới được $(TORCH_INDEX): lấy PyTorch từ kho gói mặc định (có thể lớn hơn nhiều)."
	@$(PIP) install -qq --no-compile -r requirements.lock
	@$(PIP) install -qq --no-deps --no-build-isolation -e .
	@$(COMPILE) -x '[/\\]tests[/\\]' $(VENV)/lib kh_nlp api >/dev/null || true  # some packages hold Python 2
	@touch $@

demo: $(STAMP)  ## read the sample plans and answer three questions
	@$(BIN)/kh demo

serve: $(STAMP)  ## the web pages over the sample library, http://127.0.0.1:8000
	@$(BIN)/kh demo --quiet && $(BIN)/kh serve --library indexes/demo --port $(PORT)

test: $(STAMP)  ## every test and every notebook, on all cores
	$(BIN)/python -m pytest -n auto --dist loadfile --nbmake --nbmake-timeout=900 tests notebooks

notebooks: $(STAMP)  ## run the notebooks and render them into docs/notebooks
	PYTHONWARNINGS=ignore $(BIN)/python -m nbconvert --execute --to markdown --output-dir docs/notebooks notebooks/*.ipynb

lint: $(STAMP)  ## ruff: rules and layout
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)  ## mypy, strict
	$(BIN)/mypy

layers: $(STAMP)  ## rooms import downwards only
	$(BIN)/lint-imports

check: lint types layers test  ## all of the above

SAMPLES := $(wildcard corpus/[0-9]*.txt corpus/[0-9]*.md)
SHARED ?= $(or $(KH_SHARED),../shared)
QUALITY := $(BIN)/kh evaluate parse --baseline benchmarks/parse_quality.json
COVERAGE := $(BIN)/python benchmarks/coverage.py --minimum .99 --baseline benchmarks/coverage.json
SPEED := $(BIN)/python benchmarks/parse_speed.py --baseline benchmarks/parse_speed.json

bench: $(STAMP)  ## quality, coverage and speed of parsing against the committed baselines
	$(QUALITY) --gold tests/gold_corpus $(SAMPLES)
	$(COVERAGE) $(SAMPLES)
	$(SPEED) $(SAMPLES) --name corpus
	$(BIN)/python benchmarks/startup.py --baseline benchmarks/startup.json
	@if [ -d $(SHARED)/gold ]; then \
	$(QUALITY) --gold $(SHARED)/gold; \
	$(COVERAGE) $(SHARED)/seeds $(SHARED)/plans/0*.txt; \
	$(SPEED) $(SHARED)/seeds $(SHARED)/plans/0*.txt --name shared; \
	else echo "Không có $(SHARED): chỉ đo trên corpus/."; fi

lock: $(STAMP)  ## write requirements.lock from what .venv holds
	{ sed -n '/^#/p' requirements.lock; \
	$(PIP) freeze --all --exclude-editable --exclude pip \
	| grep -v -i -E '^(nvidia|cuda|triton)' | sed 's/^torch==\([0-9.]*\).*/torch==\1/'; } > requirements.new
	mv requirements.new requirements.lock

clean:  ## remove what was built (.venv, caches, indexes/)
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find indexes -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
