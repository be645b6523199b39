import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.critic.nothing_moves import nothing_moves
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("end", "explained", "kl", "expected"),
    [
        (0.86, 0.0, 0.0, "fired"),
        (0.84, 0.0, 0.0, "clean"),
        (1.0, 0.2, 0.0, "clean"),
        (1.0, 0.0, 1e-4, "clean"),
    ],
)
def test_all_three_must_stand_still(end: float, explained: float, kl: float, expected: str) -> None:
    run = synthetic(
        "a", v_loss=[1.0] * 3 + [end] * 9, explained_variance=[0.0] * 3 + [explained] * 9, approx_kl_mean=[kl] * 12
    )
    assert judge(nothing_moves, run).status == expected


def test_too_few_updates_are_undecided() -> None:
    run = synthetic("a", v_loss=[1.0] * 7, explained_variance=[0.0] * 7, approx_kl_mean=[0.0] * 7)
    assert judge(nothing_moves, run).status == "undecided"
