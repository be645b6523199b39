from __future__ import annotations

import pytest

from ppo_doctor.audit.arithmetic import arithmetic
from ppo_doctor.errors import UserError
from ppo_doctor.run import synthetic


def test_the_figures_by_hand() -> None:
    run = synthetic("a", n_envs=4, n_steps=25, batch_size=32, n_epochs=3, total_steps=1000)
    found = arithmetic(run)
    assert (found.rollout_rows, found.batch_rows, found.minibatches, found.last_rows) == (100, 32, 4, 4)
    assert (found.steps_per_update, found.updates, found.total_steps) == (12, 10, 120)


def test_agents_are_rows_of_the_rollout_but_no_steps_of_the_budget() -> None:
    run = synthetic("a", rollout_rows=300, n_agents=3, batch_size=100, n_epochs=1, total_steps=1000)
    assert arithmetic(run).updates == 10


def test_without_a_budget_there_is_no_total() -> None:
    found = arithmetic(synthetic("a", rollout_rows=64, batch_size=64, n_epochs=2))
    assert found.updates is found.total_steps is None


@pytest.mark.parametrize("missing", ["batch_size", "n_epochs", "n_envs"])
def test_a_missing_setting_is_named(missing: str) -> None:
    settings = {"n_envs": 4, "n_steps": 25, "batch_size": 32, "n_epochs": 3}
    with pytest.raises(UserError, match=f"setting {missing} is missing"):
        arithmetic(synthetic("a", **{name: value for name, value in settings.items() if name != missing}))


def test_a_batch_of_none_is_refused() -> None:
    with pytest.raises(UserError, match="batch_size is 0"):
        arithmetic(synthetic("a", rollout_rows=64, batch_size=0, n_epochs=2))
