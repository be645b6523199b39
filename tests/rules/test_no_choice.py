import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.no_choice import no_choice
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("forced", "n_actions", "expected"),
    [(0.998, 4, "clean"), (0.999, 4, "fired"), (0.0, 1, "fired"), (0.0, 2, "clean")],
)
def test_boundaries(forced: float, n_actions: float, expected: str) -> None:
    assert judge(no_choice, synthetic("a", forced_frac=[forced] * 6, n_actions=n_actions)).status == expected


def test_too_short_is_undecided() -> None:
    assert judge(no_choice, synthetic("a", forced_frac=[1.0] * 2)).status == "undecided"
