"""What `probe_state_action` is compared with: its known answer."""

from __future__ import annotations

from collections.abc import Callable

import jax.numpy as jnp
from jaxtyping import Array

from ppo_doctor.train.env import View
from ppo_doctor.train.envs.probe_state_action import ProbeStateAction

REFERENCE = "known"


def policies(env: ProbeStateAction) -> dict[str, Callable[[Array, Array, View], Array]]:
    """The action that suits the observation."""
    del env
    return {"known": suitable}


def suitable(key: Array, state: Array, view: View) -> Array:
    """1 at +1, 0 at -1."""
    del key, view
    return (state > 0).astype(jnp.int32)
