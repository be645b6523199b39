import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.optim.learning_rate_rises import learning_rate_rises
from ppo_doctor.run import synthetic

LINE = np.linspace(1e-4, 1e-3, 20)


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        (LINE, "fired"),
        (LINE[::-1], "clean"),
        (np.linspace(1e-4, 2.1e-4, 20), "clean"),
        (np.linspace(1e-4, 2.4e-4, 20), "fired"),
        (np.where(np.arange(20) == 7, 1e-4, LINE), "clean"),  # falls once: adaptive
        (np.where(np.arange(20) > 17, LINE[17], LINE), "clean"),  # arrives: a long warm-up
        (LINE[:9], "undecided"),
    ],
)
def test_it_rises_and_never_falls_nor_arrives(rates: np.ndarray, expected: str) -> None:
    assert judge(learning_rate_rises, synthetic("a", learning_rate=rates.tolist())).status == expected


@pytest.mark.parametrize(("planned", "expected"), [(40_000, "fired"), (40_001, "undecided")])
def test_early_it_may_be_a_warm_up(planned: int, expected: str) -> None:
    run = synthetic("a", learning_rate=LINE.tolist(), total_steps=planned)
    assert judge(learning_rate_rises, run).status == expected
