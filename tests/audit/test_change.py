from __future__ import annotations

import pytest

from ppo_doctor.audit.change import audit, end_to_end
from ppo_doctor.errors import UserError
from ppo_doctor.run import synthetic


def test_ends_are_compared_with_ends() -> None:
    before = synthetic("a", eval_mean_return=[0.0, 1.0, 5.0, 5.0], explained_variance=[0.0, 0.5], pg_loss=[1.0])
    after = synthetic("b", eval_mean_return=[4.0, 6.0, 3.0, 3.0], explained_variance=[-1.0, 0.5], pg_loss=[0.0])
    assert {one.signal: one.verdict for one in end_to_end(before, after)} == {
        "eval_mean_return": "worse",
        "explained_variance": "equal",
    }


def test_a_value_loss_is_compared_in_units_of_the_returns() -> None:
    """Rewards ten times as large make the loss a hundred times as large, and nothing worse."""
    before = synthetic("a", v_loss=[2.0, 0.4], return_std=[1.0, 1.0])
    after = synthetic("b", v_loss=[200.0, 30.0], return_std=[10.0, 10.0])
    (found,) = end_to_end(before, after)
    assert found.verdict == "better"
    assert found.after.observed == pytest.approx(0.3)


def test_a_figure_that_neither_run_holds_is_called_that() -> None:
    run = synthetic("a", eval_mean_return=[1.0, 2.0])
    assert audit("eval_mean_return", (1.0, 7.0), run, run).places == ("start of the first", "neither run")


@pytest.mark.parametrize("signal", ["pg_loss", "r2"])
def test_a_signal_that_has_no_better_side_or_is_missing_is_refused(signal: str) -> None:
    run = synthetic("a", pg_loss=[1.0])
    with pytest.raises(UserError, match=signal):
        audit(signal, (1.0, 2.0), run, run)
