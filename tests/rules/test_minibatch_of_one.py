import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.minibatch_of_one import minibatch_of_one
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("batch", "rows", "expected"),
    [
        (64, 128, "clean"),
        (64, 129, "fired"),
        (64, 130, "clean"),
        (129, 129, "clean"),
        (200, 129, "clean"),
        (1, 9, "fired"),
    ],
)
def test_boundaries(batch: int, rows: int, expected: str) -> None:
    assert judge(minibatch_of_one, synthetic("a", batch_size=batch, rollout_rows=rows)).status == expected
