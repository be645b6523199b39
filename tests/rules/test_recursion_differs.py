import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.recursion_differs import recursion_differs
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"gae_wrong_inside": 0.01}, "fired"),
        ({"gae_wrong_inside": 0.0}, "clean"),
        ({"gae_wrong_inside": 0.5, "advantage_cleared_frac": 0.5}, "clean"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(recursion_differs, synthetic("a", **signals)).status == expected
