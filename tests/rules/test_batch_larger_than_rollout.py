import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.batch_larger_than_rollout import batch_larger_than_rollout
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("batch", "expected"), [(2047, "clean"), (2048, "clean"), (2049, "fired"), (4096, "fired")])
def test_boundaries(batch: int, expected: str) -> None:
    assert judge(batch_larger_than_rollout, synthetic("a", batch_size=batch, rollout_rows=2048)).status == expected


def test_it_needs_both_numbers() -> None:
    assert judge(batch_larger_than_rollout, synthetic("a", batch_size=4096)).status == "skipped"
