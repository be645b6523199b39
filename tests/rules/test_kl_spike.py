import pytest

from ppo_doctor.diagnose.engine import Settings, judge
from ppo_doctor.diagnose.rules.policy.kl_spike import kl_spike
from ppo_doctor.run import Run, Series, synthetic


@pytest.mark.parametrize(
    ("values", "fires"),
    [
        ([1.0] + [0.0] * 99, False),  # at `extreme`, not above
        ([1.001] + [0.0] * 99, True),
        ([0.2] * 2 + [0.0] * 18, False),  # fewer than `patience`
        ([0.2] * 3 + [0.0] * 17, True),
        ([0.2] * 5 + [0.0] * 95, False),  # at `share`, not above
        ([0.2] * 6 + [0.0] * 94, True),
        ([0.1] * 100, False),  # at `limit`
        ([-0.5] * 100, False),  # k1-like estimates below zero are no spike
    ],
)
def test_boundaries(values: list[float], fires: bool) -> None:
    assert bool(kl_spike(synthetic("a", approx_kl_max=values).series("approx_kl_max"))) == fires


def test_history_counts_although_the_end_is_calm() -> None:
    (found,) = judge(kl_spike, synthetic("a", approx_kl_max=[46.0] + [0.0] * 50)).findings
    assert found.evidence[0].observed == 46.0
    assert found.evidence[0].steps == (1000, 1000)


def test_a_log_with_the_mean_only_is_judged_by_it_and_the_caveat_travels() -> None:
    series = Series("approx_kl_mean", [1, 2], [0.0, 3.0], "train/approx_kl", "mean of the last epoch")
    (found,) = judge(kl_spike, Run("sb3", {"approx_kl_mean": series})).findings
    assert found.evidence[0].signal == "approx_kl_mean"
    assert found.evidence[0].caveat == "mean of the last epoch"


def test_thresholds_can_be_set() -> None:
    run = synthetic("a", approx_kl_max=[0.3] * 10)
    assert judge(kl_spike, run, Settings(thresholds={"POL101": {"limit": 0.5}})).status == "clean"
