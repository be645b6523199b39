import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.one_minibatch import one_minibatch
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("batch", "rows", "expected"),
    [(1024, 1024, "fired"), (1025, 1024, "fired"), (1023, 1024, "clean"), (64, 64, "fired"), (63, 63, "clean")],
)
def test_the_boundary_is_the_rollout(batch: int, rows: int, expected: str) -> None:
    assert judge(one_minibatch, synthetic("a", batch_size=batch, rollout_rows=rows)).status == expected
