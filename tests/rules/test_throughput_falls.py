import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.log.throughput_falls import throughput_falls
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("end", "expected"), [(60.0, "clean"), (20.0, "fired")])
def test_boundaries(end: float, expected: str) -> None:
    assert (
        judge(throughput_falls, synthetic("a", steps_per_second=np.linspace(100, end, 30).tolist())).status == expected
    )


def test_one_slow_stretch_is_no_decay() -> None:
    speed = [100.0] * 22 + [30.0] * 8
    noisy = [value + 5 * np.sin(7 * k) for k, value in enumerate(speed[:15] + speed[22:] + speed[15:22])]
    assert judge(throughput_falls, synthetic("a", steps_per_second=noisy)).status == "clean"


def test_too_short_is_undecided() -> None:
    assert judge(throughput_falls, synthetic("a", steps_per_second=[1.0] * 20)).status == "undecided"
