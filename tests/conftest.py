"""How tests run: JAX on one CPU device, compiled programs cached between runs, shape annotations executed."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

# Before JAX or torch is imported anywhere; a shell that sets one of these has the last word.
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(Path(__file__).parents[1] / ".cache" / "jax"))
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0.3")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("GRPC_VERBOSITY", "NONE")

if importlib.util.find_spec("jaxtyping") and importlib.util.find_spec("beartype"):
    from jaxtyping import install_import_hook

    # Every annotated shape under `train/` is checked at every call, in tests only.
    install_import_hook("ppo_doctor.train", "beartype.beartype")
