import math

import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.log.return_not_recorded import RETURNS, return_not_recorded
from ppo_doctor.run import Run, synthetic


@pytest.mark.parametrize(("n", "expected"), [(4, "undecided"), (5, "fired")])
def test_boundaries(n: int, expected: str) -> None:
    assert judge(return_not_recorded, synthetic("a", v_loss=[1.0] * n)).status == expected


@pytest.mark.parametrize("name", RETURNS)
def test_any_return_will_do(name: str) -> None:
    assert judge(return_not_recorded, synthetic("a", v_loss=[1.0] * 9, **{name: [1.0]})).status == "clean"


def test_no_episode_ended_is_another_matter_and_so_is_an_empty_log() -> None:
    waiting = synthetic("a", v_loss=[1.0] * 9, mean_ep_return=[math.nan] * 9)
    assert judge(return_not_recorded, waiting).status == "undecided"
    assert judge(return_not_recorded, Run("empty", {})).status == "undecided"
