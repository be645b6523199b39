import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.eval.mean_outside_blocks import mean_outside_blocks
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        (
            {"eval_mean_return": [1.0] * 2, "eval_min_block_return": [2.0] * 2, "eval_max_block_return": [3.0] * 2},
            "fired",
        ),
        (
            {"eval_mean_return": [4.0, 2.5], "eval_min_block_return": [2.0] * 2, "eval_max_block_return": [3.0] * 2},
            "clean",
        ),
        (
            {"eval_mean_return": [3.001] * 2, "eval_min_block_return": [2.0] * 2, "eval_max_block_return": [3.0] * 2},
            "clean",
        ),
        ({"eval_mean_return": [4.0], "eval_min_block_return": [2.0], "eval_max_block_return": [3.0]}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(mean_outside_blocks, synthetic("a", **signals)).status == expected
