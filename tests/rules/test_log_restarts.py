import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.log.log_restarts import log_restarts
from ppo_doctor.run import Run, Series


def run(name: str, steps: list[int], values: list[float] | None = None) -> Run:
    return Run("a", {name: Series(name, steps, values or np.ones(len(steps)).tolist())})


@pytest.mark.parametrize(("repeated", "expected"), [(0, "clean"), (2, "clean"), (3, "fired")])
def test_boundaries(repeated: int, expected: str) -> None:
    steps = sorted([*range(100 - repeated), *range(repeated)])
    assert judge(log_restarts, run("v_loss", steps)).status == expected


def test_several_episodes_may_end_at_one_step() -> None:
    assert judge(log_restarts, run("mean_ep_return", [1, 1, 1, 2, 2])).status == "undecided"


def test_counters_never_fall() -> None:
    assert judge(log_restarts, run("updates", [1, 2, 3, 4], [1.0, 2.0, 2.0, 3.0])).status == "clean"
    assert judge(log_restarts, run("gradient_steps", [1, 2, 3, 4], [10.0, 20.0, 5.0, 9.0])).status == "fired"
