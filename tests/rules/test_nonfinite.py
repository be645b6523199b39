import math

import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.numerics.nonfinite import nonfinite
from ppo_doctor.run import Run, Series, synthetic


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_one_bad_value_anywhere_is_enough(bad: float) -> None:
    assert judge(nonfinite, synthetic("a", v_loss=[1.0] * 999 + [bad])).status == "fired"


def test_the_first_tensor_to_break_comes_first() -> None:
    run = synthetic(
        "a",
        v_loss=[1.0, 1.0, math.nan],
        nonfinite_count=[0, 2, 9],
        nonfinite={"reward": [0, 2, 3], "gradient": [0, 0, 1]},
    )
    (found,) = judge(nonfinite, run).findings
    assert [one.signal for one in found.evidence] == [
        "nonfinite/reward",
        "nonfinite_count",
        "nonfinite/gradient",
        "v_loss",
    ]
    assert found.evidence[0].steps == (2000, 3000)


def test_a_refused_update_is_one_although_every_series_is_finite() -> None:
    assert judge(nonfinite, synthetic("a", v_loss=[1.0, 1.0], refused=[0, 1])).status == "fired"


def test_columns_that_are_not_understood_are_not_judged() -> None:
    run = Run("a", {"mine": Series("mine", [1], [math.nan]), "v_loss": Series("v_loss", [1], [1.0])})
    assert judge(nonfinite, run).status == "clean"


def test_a_run_without_series_is_undecided() -> None:
    assert judge(nonfinite, synthetic("a", batch_size=8)).status == "undecided"
