# Two commands matter: `make run` and `make test`. Both work from a bare checkout.
PYTHON ?= python3
PY := .venv/bin/python
# How many test processes: one more than cores, as browsers, brokers and workers are waited for; one test or folder: make test ARGS=tests/points
WORKERS ?= $(shell expr $$(nproc 2>/dev/null || echo 1) + 1)
ARGS ?=

.PHONY: help run test check format bench heavy crash race rush doors mutants model sheets lock clean

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' Makefile

run: .venv/run.stamp ## start everything: PORT, DATA_DIR, BIND, DEMO, DATABASE_URL + DATABASE_OWNER_URL, BROKER_URL
	@exec $(PY) -m config.up --with-parent

test: .venv/dev.stamp ## the suite on servers of its own, browser tests included: WORKERS, ARGS
	@exec $(PY) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: .venv/dev.stamp ## format, lint, types, layers, migrations, deployment, API schema, compose file, house rules
	@exec $(PY) -m config.embedded -- $(PY) scripts/check.py $(ARGS)

format: .venv/dev.stamp ## put the code into the one format
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix .

bench: .venv/dev.stamp ## benchmarks as ratios, to var/bench
	@exec $(PY) -m config.embedded --durable -- $(PY) -m tests.bench $(ARGS)

heavy: .venv/dev.stamp ## what make test leaves out: killed programs, databases made anew and carried over, crowds over HTTP, the demo's whole story, walks of every page
	@exec $(PY) -m pytest -m heavy -n $(WORKERS) $(ARGS)

crash: .venv/dev.stamp ## kill -9 of the database, web and worker in the middle of redemptions, to var/crash: ARGS="--times 5 web"
	@exec $(PY) -m tests.crash $(ARGS)

race: .venv/dev.stamp ## sixteen processes and random verbs for RACE_SECONDS (60), with figures
	@RACE_SECONDS="$${RACE_SECONDS:-60}" exec $(PY) -m pytest -q tests/races/test_random_verbs.py $(ARGS)

rush: .venv/dev.stamp ## 2,000 residents for 30 seats by page, REST, counter and offer: RUSH_PEOPLE, RUSH_HTTP (3), RUSH_VERBS (20) rounds
	@RUSH_PEOPLE="$${RUSH_PEOPLE:-2000}" RUSH_HTTP="$${RUSH_HTTP:-3}" RUSH_VERBS="$${RUSH_VERBS:-20}" exec $(PY) -m pytest -q -s -m '' -o faulthandler_timeout=0 tests/races/test_rush.py $(ARGS)

doors: .venv/dev.stamp ## every role at every address of every community, whatever is shown to it; make test asks one of those who are alike, and looks for canaries where the door is open
	@DOORS=1 exec $(PY) -m pytest -q -m '' -n $(WORKERS) tests/access/test_routes.py tests/access/test_canaries.py tests/childcare/watching $(ARGS)

mutants: .venv/dev.stamp ## plant each fault of tests/mutants in a database, and see the named test deny it: ARGS="fifo digest"
	@exec $(PY) -m config.embedded -- $(PY) -m tests.mutants $(ARGS)

# Every batch prints its seed first: make model SEED=… repeats the one that failed.
model: .venv/dev.stamp ## the books against their model, 200 examples of 50 steps with seeds drawn by lot: HOURS=1, SEED=…
	@MODEL_BATCHES=4 MODEL_HOURS="$(HOURS)" MODEL_SEED="$(SEED)" exec $(PY) -m pytest -q -s -o faulthandler_timeout=0 tests/model $(ARGS)

sheets: .venv/dev.stamp ## two thousand broken Excel files, none of which imports anybody: SHEETS=200, SHEETS_SEED=…
	@SHEETS="$${SHEETS:-2000}" exec $(PY) -m pytest -q -s -o faulthandler_timeout=0 tests/communities/importing/test_mutated.py $(ARGS)

lock: .venv/dev.stamp ## the requirements files from pyproject.toml; newer versions: make lock ARGS=--upgrade
	@PATH="$(CURDIR)/.venv/bin:$$PATH" scripts/lock $(ARGS)

clean: ## what was built; var/ with the demo's data stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis var/static
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/run.stamp: requirements-run.txt
	@PYTHON="$(PYTHON)" scripts/install $< && touch $@

.venv/dev.stamp: requirements-dev.txt
	@PYTHON="$(PYTHON)" scripts/install $< && touch $@ .venv/run.stamp
