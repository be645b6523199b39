import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.log.columns_unread import columns_unread
from ppo_doctor.run import Run, synthetic

READ = synthetic("x", learning_rate=[1e-3])


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("Reward/Mean", "fired"),
        ("episode_reward_mean", "fired"),
        ("train/approx_kl_div", "fired"),
        ("Policy/Entropy", "fired"),
        ("losses/critic_loss", "fired"),
        ("perf/cpu", "clean"),
        ("sinkle", "clean"),
    ],
)
def test_names_that_look_like_what_is_missing(column: str, expected: str) -> None:
    assert judge(columns_unread, Run("a", READ.signals, unmapped=(column,))).status == expected


def test_what_was_read_is_not_missed() -> None:
    signals = synthetic("x", entropy_frac=[0.5]).signals
    assert judge(columns_unread, Run("a", signals, unmapped=("Policy/Entropy",))).status == "clean"


def test_an_empty_run_is_undecided() -> None:
    assert judge(columns_unread, Run("a", {}, unmapped=("Policy/Entropy",))).status == "undecided"
