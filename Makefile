PYTHON ?= python3
JOBS ?= 2
BIN := .venv/bin
# torch with several threads is 7-55 times slower beside another busy process; compiled JAX programs are kept between runs.
export OMP_NUM_THREADS ?= 1
export JAX_COMPILATION_CACHE_DIR ?= $(CURDIR)/.cache/jax

.PHONY: demo test test-slow lint format bench real-logs clean
.DEFAULT_GOAL := demo

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed-train: pyproject.toml constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[train]'
	touch $@

.venv/.installed-dev: pyproject.toml constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev]'
	touch $@ .venv/.installed-train

.venv: .venv/.installed-dev

demo: .venv/.installed-train
	$(BIN)/ppo-doctor demo

# A file's tests stay in one process, for they share compiled programs.
PYTEST := $(BIN)/python -m pytest -q -n $(JOBS) --dist=loadfile

test: .venv/.installed-dev
	$(PYTEST) -m "not slow"

# Slow tests train: they need programs that LLVM has optimised, which tests/conftest.py switches off.
test-slow: .venv/.installed-dev
	XLA_FLAGS="--xla_cpu_multi_thread_eigen=false" $(PYTEST) -m slow

lint: .venv/.installed-dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/pyright

format: .venv/.installed-dev
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

real-logs: .venv/.installed-dev
	$(BIN)/python benchmarks/real_logs.py $(LOGS)

bench: .venv/.installed-dev
	$(BIN)/python benchmarks/speed.py

# Trains what is not in .cache/faults yet, then judges: docs/accuracy.md, and a calibration beside the cases.
bench-faults: .venv/.installed-dev
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[bench]'
	$(BIN)/python -m benchmarks.faults train --jobs $(JOBS)
	$(BIN)/python -m benchmarks.faults probe --jobs $(JOBS)
	$(BIN)/python -m benchmarks.faults trial --jobs $(JOBS)
	$(BIN)/python -m benchmarks.faults judge --jobs $(JOBS)

clean:
	rm -rf .venv .cache .pytest_cache .ruff_cache .hypothesis build dist src/*.egg-info
