import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.bootstrap_missing import bootstrap_missing
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"gae_wrong_at_last": 0.01}, "fired"),
        ({"gae_wrong_at_last": 0.0}, "clean"),
        ({"gae_wrong_at_last": 0.5, "gae_wrong_inside": 0.1}, "clean"),
        ({"gae_wrong_at_last": 0.5, "advantage_permuted": 1.0}, "clean"),
        ({"gae_wrong_inside": 0.0}, "skipped"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(bootstrap_missing, synthetic("a", **signals)).status == expected
