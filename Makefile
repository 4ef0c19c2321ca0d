# Each command does its own set-up: Odoo 19, PostgreSQL, Python packages, Chromium.
# PYTHON3, PGHOST, ODOO_HOME, ODOO_PORT, SANDBOX_PORT and SERVE are honoured.
PYTHON3 ?= python3
SETUP = $(PYTHON3) scripts/setup_all.py

.PHONY: demo test bench chaos lint screenshots terms python help

help:
	@echo "make demo    a German company whose invoices stand in lexoffice (SERVE=0: exit after)"
	@echo "make test    every test"
	@echo "make bench   figures: requests, pace, cost (ARGS=<group>: one of them)"
	@echo "make chaos   500 invoices under every fault at once (SEED=n repeats a run)"
	@echo "make screenshots  pictures of every screen, in German and English"
	@echo "make terms   the addon's terms for translators, written anew"
	@echo "make lint    ruff, pylint-odoo, prettier"
	@echo "make python  the path of the project's interpreter"

python:
	@$(SETUP)

screenshots:
	@python="$$($(SETUP))" && exec "$$python" scripts/screenshots.py $(ARGS)

terms:
	@python="$$($(SETUP))" && exec "$$python" scripts/export_terms.py

demo:
	@python="$$($(SETUP))" && exec "$$python" scripts/demo.py

test:
	@python="$$($(SETUP))" && exec "$$python" scripts/run_tests.py $(ARGS)

bench:
	@python="$$($(SETUP))" && exec "$$python" scripts/bench.py $(ARGS)

chaos:
	@python="$$($(SETUP))" && exec "$$python" scripts/chaos.py $(ARGS)

lint:
	@python="$$($(SETUP) --lint)" && exec "$$python" scripts/lint.py
