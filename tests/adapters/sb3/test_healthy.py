"""Correct trainings of each kind: everything that can be checked is, nothing is found to be broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from gymnasium import spaces
from sb3_contrib import MaskablePPO
from stable_baselines3.common.callbacks import EvalCallback
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.vec_env import VecNormalize

from ppo_doctor import signals, store
from ppo_doctor.adapters.sb3 import buffer

INVARIANTS = ("gae_error", "stored_action_error", "reward_misaligned_frac", "obs_aliased_frac", "done_mismatch")
ACTIONS = {
    "discrete": spaces.Discrete(3),
    "multi-discrete": spaces.MultiDiscrete([3, 2]),
    "multi-binary": spaces.MultiBinary(3),
    "box": spaces.Box(-1.0, 1.0, (2,), np.float32),
}
PAIR = spaces.Dict({name: spaces.Box(-5.0, 5.0, (2,), np.float32) for name in ("near", "far")})


def check(doctor: Any) -> Any:
    """The run of a training, which must be sound, whole and recorded without an error of ours."""
    assert doctor._guard.errors == {}
    run = store.load(doctor.path)
    assert run.meta["status"] == "finished"
    for name in INVARIANTS:
        assert run.scalar(name) == pytest.approx(0.0, abs=1e-4), name
    assert run.scalar("log_prob_error") < 1e-4
    assert run.scalar("optimiser_missing_frac") == 0.0
    assert run.series("first_ratio_error").value.max() < 1e-4
    assert [one.rule for one in doctor.report.findings if one.severity == "critical"] == []
    assert [name for name in run.signals if not signals.known(name)] == []
    return run


@pytest.mark.parametrize("kind", ACTIONS)
def test_a_sound_training_of_each_action_space_is_not_accused(kind: str, toy: Any, observe: Callable[..., Any]) -> None:
    run = check(observe(lambda: toy(ACTIONS[kind])))
    assert run.last_step == 512
    assert ("entropy_frac" in run) == (kind != "box")
    assert ("log_std_mean" in run) == (kind == "box")


def test_state_dependent_exploration_is_followed(toy: Any, observe: Callable[..., Any]) -> None:
    run = check(observe(lambda: toy(ACTIONS["box"]), use_sde=True))
    assert "log_std_mean" not in run


def test_dictionaries_of_observations_are_followed(toy: Any, observe: Callable[..., Any]) -> None:
    check(observe(lambda: toy(observation=PAIR)))


def test_masks_count_for_the_entropy(toy: Any, observe: Callable[..., Any]) -> None:
    run = check(observe(toy, MaskablePPO))
    assert run.scalar("masked") == 1.0
    assert run.series("entropy_frac").value[0] == pytest.approx(1.0, abs=0.05)  # of two legal actions, not of three


def test_normalised_environments_are_followed_and_evaluated(toy: Any, observe: Callable[..., Any]) -> None:
    env, other = (VecNormalize(make_vec_env(toy, n_envs=2, seed=seed)) for seed in (0, 1))
    run = check(observe(env, callbacks=[EvalCallback(other, eval_freq=100, verbose=0)]))
    assert run.scalar("normaliser_gap") < 0.1
    assert len(run.series("eval_mean_return")) == 2
    assert run.series("reward_std").value[0] > 0.5  # as paid: normalised ones are smaller at the start


@pytest.mark.parametrize(("lost", "wrong"), [(0.0, False), (0.01, True)])
def test_float_error_of_large_values_is_no_wrong_advantage(lost: float, wrong: bool) -> None:
    """A critic that says about 100 everywhere, one step a rollout: advantages differ by less than they are rounded."""
    values = (100.0 + 1e-5 * np.arange(8)).astype(np.float32)[None]
    after, none, gamma = values[0] + np.float32(1e-5), np.zeros((1, 8), np.float32), 0.99
    used = np.float32(1.0) + np.float32(gamma) * after - values - np.float32(lost) * values
    right = buffer.advantages(np.ones((1, 8), np.float32), values, none, after, none[0], gamma, 0.95)
    assert (buffer.gae_error(used, right, values) > 1e-3) == wrong


@pytest.mark.parametrize(("scale", "rank"), [(0.0, 0.0), (1.0, None)])
def test_features_that_never_vary_have_no_rank(
    scale: float, rank: float | None, toy: Any, observe: Callable[..., Any]
) -> None:
    """A first layer that lets nothing through: what comes after it is its bias, in all states the same."""

    def cut(model: Any) -> None:
        first, second = (layer for layer in model.policy.mlp_extractor.policy_net if hasattr(layer, "weight"))
        with torch.no_grad():
            first.weight *= scale
            second.bias += 0.1

    run = store.load(observe(toy, prepare=cut, learning_rate=0.0, policy_kwargs={"net_arch": [8, 8]}).path)
    found = run.series("effective_rank").value
    assert (found == rank).all() if rank is not None else (found > 1.0).all()
