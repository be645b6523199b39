import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.timeout_as_terminal import timeout_as_terminal
from ppo_doctor.run import synthetic


def run(truncated: float, length: list[float], **more: float):
    return synthetic("a", terminated_frac=[0.1] * 8, truncated_frac=[truncated] * 8, mean_ep_length=length, **more)


@pytest.mark.parametrize(("share", "expected"), [(0.05, "clean"), (0.06, "fired"), (1.0, "fired")])
def test_boundaries(share: float, expected: str) -> None:
    assert judge(timeout_as_terminal, run(0.0, [50.0] * 8, timeout_share=share)).status == expected


def test_without_the_probe_one_length_is_suspicious_but_may_be_the_task() -> None:
    assert judge(timeout_as_terminal, run(0.0, [50.0] * 8)).status == "undecided"
    assert judge(timeout_as_terminal, run(0.0, [5.0] * 8)).status == "clean"
    assert judge(timeout_as_terminal, run(0.0, [50.0, 51.0] * 4)).status == "clean"


def test_stored_truncations_are_right() -> None:
    assert judge(timeout_as_terminal, run(0.01, [50.0] * 8, timeout_share=1.0)).status == "clean"
