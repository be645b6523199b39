import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.avoidable_noop import avoidable_noop
from ppo_doctor.run import synthetic

FLAT = [-50.0, -51.0, -49.0, -50.0] * 3


@pytest.mark.parametrize(("level", "expected"), [(0.5, "clean"), (0.51, "fired"), (1.0, "fired")])
def test_boundaries(level: float, expected: str) -> None:
    run = synthetic("a", avoidable_noop_frac=[level] * 12, eval_mean_return=FLAT)
    assert judge(avoidable_noop, run).status == expected


def test_forced_waiting_is_no_fault() -> None:
    run = synthetic("a", noop_frac=[0.95] * 12, avoidable_noop_frac=[0.0] * 12, eval_mean_return=FLAT)
    assert judge(avoidable_noop, run).status == "clean"


def test_waiting_in_evaluation_only_is_found() -> None:
    run = synthetic("a", avoidable_noop_frac=[0.2] * 12, eval_avoidable_noop_frac=[0.9] * 12, eval_mean_return=FLAT)
    (found,) = judge(avoidable_noop, run).findings
    assert [one.signal for one in found.evidence] == ["eval_avoidable_noop_frac", "eval_mean_return"]


def test_waiting_that_pays_is_no_fault() -> None:
    rose = [-50.0, -40.0, -30.0] + [-20.0, -21.0, -19.0] * 3
    assert (
        judge(avoidable_noop, synthetic("a", avoidable_noop_frac=[0.9] * 12, eval_mean_return=rose)).status == "clean"
    )
    above = synthetic(
        "a", avoidable_noop_frac=[0.9] * 12, eval_mean_return=FLAT, random_return=-400, best_baseline_return=-52
    )
    assert judge(avoidable_noop, above).status == "clean"


def test_without_returns_or_with_too_few_points_it_is_undecided() -> None:
    assert judge(avoidable_noop, synthetic("a", avoidable_noop_frac=[0.9] * 12)).status == "undecided"
    short = synthetic("a", avoidable_noop_frac=[0.9] * 5, eval_mean_return=FLAT)
    assert judge(avoidable_noop, short).status == "undecided"
