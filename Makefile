# `make help` lists what there is to do. Everything runs in .venv, which `make setup` makes and keeps current.
.DEFAULT_GOAL := help
.PHONY: help setup run check test threats timing load chaos kills cluster bench growth soak flood docs languages lock clean lint types imports house

bin := .venv/bin
cores := $(shell nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; do printf '  make %-9s %s\n' "$$name" "$$text"; done

setup: ## make .venv as requirements/dev.txt locks it (nothing happens when it is current)
	@scripts/setup

run: setup ## serve the sandbox at 127.0.0.1: sample catalogue, one app, one person, the three steps to paste
	@$(bin)/admitone sandbox

check: setup ## lint, types, import laws and house rules: under a minute
	@$(MAKE) --no-print-directory --keep-going --jobs=$(cores) --output-sync=target lint types imports house

lint:
	@$(bin)/ruff check --quiet
	@$(bin)/ruff format --check --quiet || { echo "make check: run .venv/bin/ruff format"; exit 1; }

types:
	@$(bin)/mypy --no-error-summary

imports:
	@$(bin)/lint-imports --no-cache

house:
	@$(bin)/pytest --quiet tests/house

test: setup ## every test, on all cores, PostgreSQL and browser included
	@scripts/browser
	@scripts/published
	@scripts/node
	@scripts/ha
	@$(bin)/pytest --numprocesses=$(cores) --dist=loadgroup

threats: setup ## the attacks of docs/threats.md at their whole size: a quarter of an hour
	@scripts/browser
	@ADMITONE_THREATS=whole $(bin)/pytest --timeout=1800 --numprocesses=$(cores) --dist=loadgroup tests/threats tests/browser/test_isolation.py

timing: setup ## whether the time of a failed sign-in tells which accounts there are: ten minutes
	@$(bin)/python -m tests.threats.timing

load: setup ## 500 logins at a time for a minute: memory, refusals, and whether others are still answered
	@$(bin)/python -m tests.threats.load

chaos: setup ## kill, cut off and stop parts of a PostgreSQL cluster under load (ROUNDS=20, SEED=… for an order seen before)
	@scripts/ha
	@ADMITONE_NO_SKIPS=1 ADMITONE_CHAOS=$(or $(ROUNDS),20) ADMITONE_SEED=$(SEED) $(bin)/pytest --quiet -s tests/chaos/test_cluster.py

kills: setup ## kill servers, and workers of a crew, under load: KILLS=1000 of each (ENGINE=sqlite, only workers: WORKERS=2)
	@ADMITONE_KILLS=$(or $(KILLS),1000) ADMITONE_WORKERS=$(or $(WORKERS),2) \
		$(bin)/pytest --quiet -s -k "$(or $(ENGINE),kill) and $(if $(WORKERS),worker,kill)" tests/chaos/test_kill.py

cluster: setup ## run three servers over a PostgreSQL cluster on this machine, until Ctrl-C
	@scripts/ha
	@$(bin)/python -m deploy.ha

bench: setup ## requests a second and CPU a request, beside floors: two minutes (BENCH=full: six, beside peers too)
	@$(bin)/python -m bench $(BENCH)

soak: setup ## an hour of mixed load at 70 % of capacity: errors, memory, waits (MINUTES=60 RATE= ENGINE=sqlite)
	@$(bin)/python -m bench.soak --minutes $(or $(MINUTES),60) --rate $(or $(RATE),0) --engine $(or $(ENGINE),sqlite)

flood: setup ## three times as much as can be answered, and how long those wait who are let in (ENGINE=sqlite)
	@$(bin)/python -m bench.flood --engine $(or $(ENGINE),sqlite)

growth: setup ## what the hot calls cost in a grown database, on both engines (SIZE=small, medium, large)
	@$(bin)/python -m bench.growth run --size $(or $(SIZE),medium)

docs: setup ## write the generated tables in the documents anew, and the examples of the OpenAPI document
	@$(bin)/python -m tests.wire.openapi.examples
	@git grep --files-with-matches --untracked -F "[[[cog" -- "*.md" | xargs $(bin)/python -m cogapp -r -P -I docs

languages: setup ## gather every message, bring the catalogues up to date, tell what has to be translated
	@$(bin)/python -m tests.house.messages

lock: setup ## rewrite requirements/*.txt (UPGRADE=--upgrade for the newest versions)
	@scripts/lock
	@scripts/setup

clean: ## remove everything that the tools made
	@rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache dist
	@find src client tests -name __pycache__ -prune -exec rm -rf {} +
