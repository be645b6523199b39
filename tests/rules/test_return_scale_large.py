import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.return_scale_large import return_scale_large
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("loss", "explained", "expected"),
    [(50.0, 0.0, "clean"), (50.1, 0.0, "fired"), (1e9, 0.05, "clean"), (1e9, 0.049, "fired"), (1e9, 0.9, "clean")],
)
def test_a_value_loss_is_never_large_by_itself(loss: float, explained: float, expected: str) -> None:
    run = synthetic("a", v_loss=[loss] * 16, explained_variance=[explained] * 16)
    assert judge(return_scale_large, run).status == expected


def test_too_short_is_undecided() -> None:
    assert (
        judge(return_scale_large, synthetic("a", v_loss=[1e6] * 12, explained_variance=[0.0] * 12)).status
        == "undecided"
    )
