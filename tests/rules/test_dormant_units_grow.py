import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.network.dormant_units_grow import dormant_units_grow
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 4


@pytest.mark.parametrize(
    ("start", "end", "expected"), [(0.0, 0.25, "clean"), (0.0, 0.4, "fired"), (0.5, 0.55, "clean")]
)
def test_boundaries(start: float, end: float, expected: str) -> None:
    run = synthetic("a", dormant_frac=np.linspace(start, end, 16).tolist(), eval_mean_return=FLAT)
    assert judge(dormant_units_grow, run).status == expected


@pytest.mark.parametrize(("end", "expected"), [(0.9, "clean"), (1.0, "fired")])
def test_a_dead_network_is_one_although_its_return_stays(end: float, expected: str) -> None:
    share = [*np.linspace(0.0, end, 8), *[end] * 8]
    run = synthetic("a", dormant_frac=share, eval_mean_return=[9.0 * min(k, 8) for k in range(16)])
    assert judge(dormant_units_grow, run).status == expected


def test_without_returns_it_is_undecided() -> None:
    assert judge(dormant_units_grow, synthetic("a", dormant_frac=np.linspace(0, 1, 16).tolist())).status == "undecided"
