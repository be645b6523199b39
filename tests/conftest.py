"""How tests run: JAX on one CPU device, compiled programs cached between runs, shape annotations executed."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# Before JAX or torch is imported anywhere; a shell that sets one of these has the last word.
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(Path(__file__).parents[1] / ".cache" / "jax"))
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0.3")
# Tests compile much and compute little: without LLVM's optimisation a test takes half the time. `make test-slow`,
# which trains, sets the flags that training has.
os.environ.setdefault(
    "XLA_FLAGS",
    "--xla_cpu_multi_thread_eigen=false --xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true",
)
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("GRPC_VERBOSITY", "NONE")

if importlib.util.find_spec("jaxtyping") and importlib.util.find_spec("beartype"):
    from jaxtyping import install_import_hook

    # Every annotated shape under `train/` is checked at every call, in tests only.
    install_import_hook("ppo_doctor.train", "beartype.beartype")


@pytest.fixture(autouse=True, scope="module")
def programs_of_one_module_at_a_time() -> Iterator[None]:
    """A process that keeps every compiled program grows to several gigabytes."""
    yield
    if "jax" in sys.modules:
        sys.modules["jax"].clear_caches()


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str, str]]:
    """Run `ppo-doctor` in this process: (exit status, standard output, standard error)."""
    from ppo_doctor import cli

    monkeypatch.setenv("COLUMNS", "100")

    def run(*words: object) -> tuple[int, str, str]:
        status = cli.main([str(word) for word in words])
        return (status, *capfd.readouterr())

    return run
