"""The plans of environments whose states are written down, against the environments themselves."""

import numpy as np
import pytest

from ppo_doctor.train import baselines, envs, evaluate
from ppo_doctor.train.tabular import plan


@pytest.mark.parametrize(
    ("name", "max_steps"), [("four_rooms", 20), ("four_rooms", 150), ("frozen_lake", 20), ("frozen_lake", 100)]
)
def test_the_plan_returns_what_value_iteration_expects(name, max_steps):
    """Its mean over 2,048 episodes lies within 4 standard errors of the optimum, whatever the time limit."""
    env = envs.make(name, max_steps=max_steps)
    scores = evaluate.run_episodes(env, baselines.reference(name, env), np.arange(2048), max_steps)
    error = scores.returns.std() / np.sqrt(2048)
    assert scores.returns.mean() == pytest.approx(envs.module(name).best_return(max_steps), abs=4 * error)


def test_the_best_move_may_depend_on_the_time_left():
    """One cell to stay in for 1 a step, and one, a step further, for 3: worth the way with two steps left."""
    best, worth = plan(lambda value: np.array([[1.0 + value[0], value[1]], [3.0 + value[1]] * 2]), 2, 3)
    assert best[:, 0].tolist() == [1, 1, 0]
    assert worth.tolist() == [[6.0, 9.0], [3.0, 6.0], [1.0, 3.0], [0.0, 0.0]]
