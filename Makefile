# Needs make and Python 3.11 or newer; everything else is installed into .venv.
PYTHON ?= python3
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
DOCUMENTS := docs rnn_ref README.md CONTRIBUTING.md benchmarks/README.md
FONTS := .cache/fonts
BENCHMARKS := .cache/benchmarks.json
PIP := -m pip --disable-pip-version-check
# Make 3 lacks it, and lines of both runs alternate.
UNMIXED := $(if $(filter output-sync,$(.FEATURES)),--output-sync)

# Two plugins print advertisements for other generators otherwise.
export DISABLE_MKDOCS_2_WARNING := true
export NO_MKDOCS_2_WARNING := 1
export CHROMIUM
# Packages come without bytecode (see below); the first import has to be able to keep it.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve site publish check test test-site test-package update-docs reduce mutants matrix processors fonts audit benchmarks constraints browser clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

serve: $(READY) ## Build the site and serve it with live reload on http://127.0.0.1:8000
	$(PY) -m mkdocs serve --livereload --dev-addr 127.0.0.1:8000

site: $(READY) ## Build the site into site/; any warning or dead link fails
	$(PY) -m mkdocs build

publish: $(READY) ## Check the documents, build the site and push it, notebooks included, to the branch gh-pages
	$(PY) -m pytest $(DOCUMENTS) tests/test_checked.py --quiet
	$(PY) -m mkdocs gh-deploy --force

check: $(READY) ## Check the documents alone, what is wrong first: after each change of a page
	@$(PY) -m pytest $(DOCUMENTS) --at-once --failed-first --quiet --no-header --tb=no -rN -o console_output_style=classic

test: $(READY) browser ## Check style, types, every page and every test; rnn_ref is covered whole
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	@echo "Two runs side by side, a few minutes; each is shown when it is done."
	@$(MAKE) --no-print-directory --jobs=2 $(UNMIXED) test-site test-package

test-site: $(READY) ## The half of test that reads: all fences, the built site, a browser
	$(PY) -m pytest -m site

test-package: $(READY) ## The other half: the package and the check, every line of rnn_ref covered
	$(PY) -m coverage run -m pytest tests -m 'not site'
	$(PY) -m coverage report

update-docs: $(READY) ## Rewrite the outputs on the pages and in docstrings
	$(PY) -m pytest $(DOCUMENTS) --update-docs

reduce: $(READY) ## Shorten what is copied above a block, by running it with less: once pages are written
	$(PY) -m tests.reduction

mutants: $(READY) ## Change what the pages state, one thing at a time: all must be noticed
	$(PY) -m tests.snippets.mutants

matrix: $(READY) ## Documents and package tests with each Python, torch and NumPy at hand: one table
	$(PY) -m tests.matrix versions

processors: $(READY) ## The same here, with the arithmetic of other processors
	$(PY) -m tests.matrix processors

fonts: $(READY) $(FONTS)/.ready browser ## Look at each page in three sets of fonts, each alone and hinted in two ways
	$(PY) -m pytest tests/test_layout.py --all-fonts

audit: $(READY) browser ## Measure each page as a reader gets it: one table; PAGES="layers labs/digit-rows" for some
	$(PY) -m tests.audit $(PAGES)

benchmarks: $(READY) ## Time and weigh rnn_ref beside torch, and keep what is found
	$(PY) $(PIP) install --quiet --constraint constraints.txt --editable '.[docs,test,benchmarks]'
	@mkdir -p $(dir $(BENCHMARKS))
	$(PY) -m pytest -p pytest_benchmark.plugin --benchmark-disable-gc --benchmark-columns=median --benchmark-json=$(BENCHMARKS) benchmarks
	$(PY) -m benchmarks.measured $(BENCHMARKS)
	$(PY) -m pytest benchmarks/README.md --update-docs

# What the pages are verified with is raised by hand: torch is to be had in several builds.
constraints: $(PY) ## Refresh constraints.txt within the ranges of pyproject.toml; torch stays
	@set -e; fresh=$$(mktemp -d); trap 'rm -rf "$$fresh"' EXIT; \
	$(PYTHON) -m venv "$$fresh"; \
	"$$fresh/bin/python" $(PIP) install --quiet --no-compile '.[docs,test,benchmarks]' "$$(grep '^torch==' constraints.txt)"; \
	{ echo '# Exact versions that were tested together. Made by `make constraints`.'; \
	  "$$fresh/bin/python" $(PIP) freeze --exclude rnn-ref | sed 's/+[a-z0-9.]*$$//'; } > "$$fresh/new"; \
	cp "$$fresh/new" constraints.txt; \
	echo "constraints.txt: $$(grep -c == constraints.txt) versions"

# Unpacked, not installed: the machine stays as it is, and nobody has to be root.
$(FONTS)/.ready:
	@command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || { echo "Fonts come from Debian's packages. Elsewhere put the TrueType files of Liberation, Noto Sans, Noto Serif and Noto Sans Mono below $(FONTS), and touch $@." >&2; exit 1; }
	@mkdir -p $(FONTS)
	@if [ "$$(id -u)" = 0 ]; then apt-get update -qq; fi
	cd $(FONTS) && apt-get download -qq -o APT::Sandbox::User=root fonts-liberation fonts-noto-core fonts-noto-mono
	@for package in $(FONTS)/*.deb; do dpkg-deb -x "$$package" $(FONTS) && rm "$$package" || exit 1; done
	@touch $@

browser: ## Find Chromium; as root on Debian, install it
	@if [ -n "$$CHROMIUM" ]; then \
	  command -v "$$CHROMIUM" >/dev/null || { echo "CHROMIUM names $$CHROMIUM, which is not there." >&2; exit 1; }; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium for the browser tests."; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
	else \
	  echo "The browser tests need Chromium: install the package chromium, or set CHROMIUM to a browser's path." >&2; exit 1; \
	fi

clean: ## Remove what was built, the environment included
	rm -rf $(VENV) site .cache .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "RNN Shapes needs Python 3.11 or newer with its venv module: install it, or name it with make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(READY): pyproject.toml constraints.txt | $(PY)
	@echo "Installing the dependencies into $(VENV); the first time takes minutes."
	@# Bytecode comes with the first import: compiling all of it here would take half of the time.
	@$(PY) $(PIP) install --quiet --no-compile --constraint constraints.txt --editable '.[docs,test]'
	@touch $@
