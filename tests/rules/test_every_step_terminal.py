import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.every_step_terminal import every_step_terminal
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("length", "expected"), [(1.0, "fired"), (1.05, "fired"), (1.06, "clean"), (20.0, "clean")])
@pytest.mark.parametrize("name", ["mean_segment_length", "mean_ep_length"])
def test_boundaries(name: str, length: float, expected: str) -> None:
    assert judge(every_step_terminal, synthetic("a", **{name: [length] * 4})).status == expected


def test_too_short_is_undecided() -> None:
    assert judge(every_step_terminal, synthetic("a", mean_segment_length=[1.0] * 2)).status == "undecided"
