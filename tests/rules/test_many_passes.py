import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.many_passes import many_passes
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 3


@pytest.mark.parametrize(
    ("epochs", "kl", "expected"), [(15, 0.09, "clean"), (16, 0.09, "fired"), (99, 0.05, "clean"), (99, 0.051, "fired")]
)
def test_boundaries(epochs: int, kl: float, expected: str) -> None:
    run = synthetic("a", n_epochs=epochs, approx_kl_max=[kl] * 12, eval_mean_return=FLAT)
    assert judge(many_passes, run).status == expected
