import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.one_gradient_step import one_gradient_step
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("epochs", "batch", "expected"), [(1, 128, "fired"), (1, 999, "fired"), (1, 127, "clean"), (2, 128, "clean")]
)
def test_gradient_steps_are_counted(epochs: int, batch: int, expected: str) -> None:
    run = synthetic("a", n_epochs=epochs, batch_size=batch, rollout_rows=128)
    assert judge(one_gradient_step, run).status == expected
