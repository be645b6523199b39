import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.time_limit_not_kept import time_limit_not_kept
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("share", "expected"), [(0.0, "clean"), (0.02, "fired"), (1.0, "fired")])
def test_one_episode_past_the_limit_is_one_too_many(share: float, expected: str) -> None:
    assert judge(time_limit_not_kept, synthetic("a", overrun_frac=share, episode_limit=200)).status == expected


def test_the_limit_is_told_where_it_is_known() -> None:
    finding = judge(time_limit_not_kept, synthetic("a", overrun_frac=1.0, episode_limit=200)).findings[0]
    assert [one.signal for one in finding.evidence] == ["overrun_frac", "episode_limit"]
