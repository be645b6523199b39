"""An environment that also counts its own reward as a metric, so that the true return is seen under a faulty reward."""

from __future__ import annotations

from typing import Any

from jaxtyping import Array, Key, PyTree

from ppo_doctor.train.env import AbstractEnv, Space, Step, View

TRUE_RETURN = "true_return"


class Witness(AbstractEnv):
    """`env` with its reward as the metric `true_return`; one agent."""

    env: AbstractEnv

    @property
    def space(self) -> Space:
        """That of the environment inside."""
        return self.env.space

    def draw(self, key: Key[Array, ""]) -> PyTree[Array]:
        """The noise of the environment inside."""
        return self.env.draw(key)

    def reset(self, noise: PyTree[Array]) -> tuple[Any, View]:
        """A first state inside."""
        return self.env.reset(noise)

    def step(self, noise: PyTree[Array], state: Any, action: Array) -> tuple[Any, Step]:
        """A step inside, its reward counted."""
        state, step = self.env.step(noise, state, action)
        return state, step._replace(metrics={**step.metrics, TRUE_RETURN: step.reward})
