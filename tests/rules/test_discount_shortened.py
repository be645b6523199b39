import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.discount_shortened import discount_shortened
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("used", "expected"),
    [(0.985, "clean"), (0.9849, "fired"), (1.0, "clean"), (0.0, "fired"), (float("nan"), "undecided")],
)
def test_boundaries(used: float, expected: str) -> None:
    assert judge(discount_shortened, synthetic("a", discount_in_use=used, gamma=0.99)).status == expected
