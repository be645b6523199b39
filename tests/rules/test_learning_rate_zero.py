import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.optim.learning_rate_zero import learning_rate_zero
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("ratio", "n", "expected"), [(1e-6, 8, "clean"), (9e-7, 8, "fired"), (0.0, 4, "undecided")])
def test_boundaries(ratio: float, n: int, expected: str) -> None:
    assert judge(learning_rate_zero, synthetic("a", update_ratio=[ratio] * n)).status == expected


def test_a_schedule_that_ends_at_zero_is_no_fault() -> None:
    assert judge(learning_rate_zero, synthetic("a", update_ratio=[1e-3] * 9 + [0.0] * 8)).status == "clean"


@pytest.mark.parametrize(("gradient", "expected"), [(0.1, "fired"), (0.0, "undecided")])
def test_without_a_gradient_no_step_is_due(gradient: float, expected: str) -> None:
    run = synthetic("a", update_ratio=[0.0] * 8, grad_norm=[gradient] * 8)
    assert judge(learning_rate_zero, run).status == expected
