import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.eval.best_so_far_reported import best_so_far_reported
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"eval_mean_return": [1.0] * 5 + [1.0], "eval_max_block_return": [1.0] * 5 + [0.9]}, "fired"),
        ({"eval_mean_return": [1.0] * 5 + [0.99], "eval_max_block_return": [1.0] * 5 + [0.9]}, "clean"),
        ({"eval_mean_return": [1.0] * 5, "eval_max_block_return": [1.0] * 4 + [0.9]}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(best_so_far_reported, synthetic("a", **signals)).status == expected
