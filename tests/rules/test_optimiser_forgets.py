import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.optim.optimiser_forgets import optimiser_forgets
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("steps", "expected"),
    [([24, 24], "clean"), ([24, 23], "fired"), ([24], "undecided"), ([24, float("nan"), 48], "undecided")],
)
def test_boundaries(steps: list[float], expected: str) -> None:
    assert judge(optimiser_forgets, synthetic("a", optimiser_steps=steps)).status == expected


def test_the_first_fall_is_named() -> None:
    (found,) = judge(optimiser_forgets, synthetic("a", optimiser_steps=[24, 48, 72, 24, 48, 10])).findings
    assert found.evidence[0].observed == 24
