import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.optim.gradient_is_noise import gradient_is_noise
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 3


@pytest.mark.parametrize(("cosine", "expected"), [(0.05, "fired"), (0.051, "clean"), (-0.5, "fired")])
def test_boundaries(cosine: float, expected: str) -> None:
    run = synthetic("a", half_batch_cosine=[cosine] * 12, eval_mean_return=FLAT)
    assert judge(gradient_is_noise, run).status == expected


def test_early_or_without_returns_it_is_undecided() -> None:
    for run in (
        synthetic("a", half_batch_cosine=[0.0] * 12),
        synthetic("a", half_batch_cosine=[0.0] * 7, eval_mean_return=FLAT),
        synthetic("a", half_batch_cosine=[0.0] * 12, eval_mean_return=FLAT, total_steps=1e6),
    ):
        assert judge(gradient_is_noise, run).status == "undecided"
