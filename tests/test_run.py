"""A run is immutable, keeps NaN, and can be cut to look as it did earlier."""

from __future__ import annotations

import numpy as np
import pytest

from ppo_doctor.run import Run, Series, synthetic


def test_a_series_cannot_be_changed_from_inside_or_outside() -> None:
    values = np.array([1.0, np.nan])
    series = Series("v_loss", np.array([1, 2]), values)
    values[0] = 7.0
    assert series.value[0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        series.value[0] = 7.0


@pytest.mark.parametrize(("step", "value"), [([1, 2], [1.0]), ([2, 1], [1.0, 1.0]), ([[1]], [[1.0]])])
def test_a_series_needs_one_value_a_step_and_steps_that_never_fall(step: list, value: list) -> None:
    with pytest.raises(ValueError, match="v_loss"):
        Series("v_loss", np.array(step), np.array(value))


def test_cutting_keeps_caveats_and_scalars() -> None:
    series = Series("v_loss", np.array([1, 2, 3]), np.ones(3), "train/value_loss", "lacks the factor 0.5")
    run = Run("a", {"v_loss": series, "batch_size": 8.0}, {"k": 1}, ("x",)).until(2)
    assert len(run.series("v_loss")) == 2
    assert run.series("v_loss").caveat == "lacks the factor 0.5"
    assert run.scalar("batch_size") == 8.0
    assert run.unmapped == ("x",)
    assert run.last_step == 2
    assert run.until(0).last_step == 0


def test_a_run_cannot_be_changed() -> None:
    run = synthetic("a", batch_size=3)
    with pytest.raises(TypeError):
        run.signals["batch_size"] = 4.0  # type: ignore[index]


def test_synthetic_runs_hold_series_scalars_words_and_families() -> None:
    run = synthetic(
        "a", every=10, v_loss=[1, 2], batch_size=3, system="x", action_share_greedy={"10": [1.0], "2": [0.5]}
    )
    assert run.series("v_loss").step.tolist() == [10, 20]
    assert run.scalar("batch_size") == 3.0
    assert run.scalar("system") is None
    assert list(run.members("action_share_greedy")) == ["2", "10"]
    with pytest.raises(KeyError, match="near: v_loss"):
        synthetic("a", v_los=[1])
    with pytest.raises(KeyError):
        run.series("batch_size")


def test_members_of_a_family_with_the_hole_in_the_middle() -> None:
    run = synthetic("a", eval_block_return={"0": [1.0], "1": [2.0]}, eval_mean_return=[1.5])
    assert [float(series.value[0]) for series in run.members("eval_block_return").values()] == [1.0, 2.0]
