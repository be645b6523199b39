import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.one_minibatch import one_minibatch
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("epochs", "batch", "rows", "expected"),
    [
        (4, 1024, 1024, "fired"),
        (4, 1025, 1024, "fired"),
        (4, 1023, 1024, "clean"),
        (4, 64, 64, "fired"),
        (4, 63, 63, "clean"),
        (10, 1024, 1024, "fired"),
        (11, 1024, 1024, "clean"),
    ],
)
def test_the_boundaries_are_the_rollout_and_ten_steps(epochs: int, batch: int, rows: int, expected: str) -> None:
    run = synthetic("a", n_epochs=epochs, batch_size=batch, rollout_rows=rows)
    assert judge(one_minibatch, run).status == expected
