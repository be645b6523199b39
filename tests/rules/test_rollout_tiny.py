import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.rollout_tiny import rollout_tiny
from ppo_doctor.run import Run, synthetic


@pytest.mark.parametrize(("rows", "expected"), [(64, "fired"), (65, "clean")])
def test_boundaries(rows: int, expected: str) -> None:
    assert judge(rollout_tiny, synthetic("a", rollout_rows=rows)).status == expected
    assert judge(rollout_tiny, synthetic("a", v_loss=[1.0] * 9, every=rows)).status == expected


def test_the_setting_outweighs_the_log_and_nothing_is_undecided() -> None:
    assert judge(rollout_tiny, synthetic("a", rollout_rows=4096, v_loss=[1.0] * 9, every=1)).status == "clean"
    assert judge(rollout_tiny, synthetic("a", v_loss=[1.0] * 5, every=1)).status == "undecided"
    assert judge(rollout_tiny, Run("empty", {})).status == "undecided"
