import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.eval.chosen_on_report_seeds import chosen_on_report_seeds
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"report_seed_overlap": 0.01}, "fired"),
        ({"report_seed_overlap": 0.0}, "clean"),
        ({"report_seed_overlap": float("nan")}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(chosen_on_report_seeds, synthetic("a", **signals)).status == expected
