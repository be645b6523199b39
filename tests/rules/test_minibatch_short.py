import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.minibatch_short import minibatch_short
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("rows", "expected"),
    [(1000, "clean"), (1001, "clean"), (1002, "fired"), (1024, "fired"), (1025, "clean"), (50, "clean")],
)
def test_boundaries(rows: int, expected: str) -> None:
    assert judge(minibatch_short, synthetic("a", batch_size=100, rollout_rows=rows)).status == expected
