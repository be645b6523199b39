import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.optim.gradient_always_clipped import gradient_always_clipped
from ppo_doctor.run import synthetic

FLAT = {"eval_mean_return": [10.0, 11.0, 9.0, 10.0] * 3, "max_grad_norm": 0.5}


@pytest.mark.parametrize(
    ("share", "norm", "expected"), [(0.99, 99.0, "clean"), (1.0, 10.0, "clean"), (1.0, 10.1, "fired")]
)
def test_boundaries(share: float, norm: float, expected: str) -> None:
    run = synthetic("a", grad_clipped_frac=[share] * 12, grad_norm=[norm] * 12, **FLAT)
    assert judge(gradient_always_clipped, run).status == expected


def test_a_run_that_learns_may_be_clipped() -> None:
    learns = FLAT | {"eval_mean_return": [9.0 * k for k in range(12)]}
    run = synthetic("a", grad_clipped_frac=[1.0] * 12, grad_norm=[999.0] * 12, **learns)
    assert judge(gradient_always_clipped, run).status == "clean"
