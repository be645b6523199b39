import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.learning_rate_extreme import learning_rate_extreme
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("rate", "expected"), [(0.02, "clean"), (0.021, "fired"), (1.1e-6, "clean"), (1e-6, "fired"), (0.0, "fired")]
)
def test_boundaries(rate: float, expected: str) -> None:
    assert judge(learning_rate_extreme, synthetic("a", learning_rate=[rate] * 4)).status == expected


@pytest.mark.parametrize("rate", [1e-6, float(np.float32(1e-6)), 0.021])
def test_every_update_that_is_extreme_is_counted(rate: float) -> None:
    evidence = judge(learning_rate_extreme, synthetic("a", learning_rate=[rate] * 4)).findings[0].evidence[0]
    assert (evidence.n, evidence.total) == (4, 4)


@pytest.mark.parametrize(("rate", "expected"), [(0.02, "clean"), (1e-6, "fired")])
def test_a_boundary_in_single_precision_is_the_same_boundary(rate: float, expected: str) -> None:
    run = synthetic("a", learning_rate=[float(np.float32(rate))] * 4)
    assert judge(learning_rate_extreme, run).status == expected


def test_too_short_is_undecided() -> None:
    assert judge(learning_rate_extreme, synthetic("a", learning_rate=[1.0] * 2)).status == "undecided"
