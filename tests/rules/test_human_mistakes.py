"""Mistakes of written diagnoses, each turned into something no rule may do. The numbers are the case studies'."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import numpy as np
import pytest

from ppo_doctor.diagnose.engine import diagnose, judge
from ppo_doctor.diagnose.finding import Finding, Remedy
from ppo_doctor.diagnose.rule import all_rules, find
from ppo_doctor.run import Run, synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 5
LEARNT = [10.0, 40.0, 80.0] + [100.0, 101.0, 99.0, 100.0] * 4 + [100.0]


def fired(run: Run) -> set[str]:
    """What is said of the run, beside that its return is flat where it is."""
    return {found.rule for found in diagnose(run).findings} - {"return-flat"}


def everything_said() -> Iterator[tuple[str, Run, Finding]]:
    for rule in all_rules():
        for run in rule.examples("FIRES"):
            for found in judge(rule, run).findings:
                yield rule.name, run, found


def raises(remedy: Remedy, setting: str) -> bool:
    change = remedy.change.get(setting, "")
    return change.startswith("x") and float(change.removeprefix("x")) > 1


def test_no_rule_ever_raises_the_entropy_coefficient() -> None:
    """S2-X01: raising it at maximum entropy pushes further that way; against a collapse there is the floor."""
    assert [
        name for name, _, found in everything_said() if any(raises(one, "ent_coef") for one in found.remedies)
    ] == []


def test_a_floor_is_never_advised_at_high_entropy() -> None:
    for name, run, found in everything_said():
        if "entropy_frac" in run and np.median(run.series("entropy_frac").value[-4:]) > 0.9:
            assert not any("entropy_floor" in one.change for one in found.remedies), name


def test_the_policy_loss_is_no_measure_of_anything() -> None:
    """S0-X13, S3-X03, S4-X21: it starts each update at zero by construction. One rule reads its sign, one a bound."""
    reading = [
        rule.name for rule in all_rules() if any(one.signal and one.signal.name == "pg_loss" for one in rule.inputs)
    ]
    assert reading == ["surrogate-beyond-clip", "surrogate-not-improved"]
    for values in ([0.0] * 20, (-0.5 * np.ones(20)).tolist(), np.linspace(0.1, -1, 20).tolist()):
        assert fired(synthetic("a", pg_loss=values, eval_mean_return=LEARNT, random_return=10)) == set()


@pytest.mark.parametrize("scale", [1e-2, 1.0, 1e3, 1e6])
def test_a_value_loss_is_judged_in_units_of_the_returns(scale: float) -> None:
    """S1-X06, S4-X19: the same run in other units of reward gets the same verdict, as long as the critic explains."""
    run = synthetic(
        "a",
        v_loss=[scale**2 * value for value in [2.0, 1.0, 0.5, 0.3] * 5],
        explained_variance=[0.0, 0.3, 0.6, 0.8] * 5,
        return_std=[scale] * 20,
        return_mean=[5.0 * scale] * 20,
        mean_ep_return=[scale * value for value in LEARNT],
    )
    assert fired(run) == set()


def test_equal_action_shares_are_not_a_random_policy() -> None:
    """S2-X02: round-robin and join-the-shortest-queue have equal shares too; the state decides."""
    shares = {"action_share_sampled": {str(k): [0.25] * 20 for k in range(4)}, "action_share_sampled_max": [0.25] * 20}
    depends = synthetic("a", mutual_information=[1.2] * 20, eval_mean_return=FLAT, n_actions=4, **shares)
    blind = synthetic("a", mutual_information=[1e-6] * 20, eval_mean_return=FLAT, n_actions=4, **shares)
    assert fired(depends) == set()
    assert fired(blind) == {"policy-ignores-state"}


def test_stopping_early_is_no_waste() -> None:
    """S4-X13: the stop is the trust region at work."""
    steps = (np.arange(1, 21) * 12).tolist()
    run = synthetic(
        "a", early_stopped=[1] * 20, epochs_run=[3.0] * 20, gradient_steps=steps, n_epochs=20, eval_mean_return=FLAT
    )
    assert fired(run) == set()


def test_low_explained_variance_of_equal_returns_is_no_defect() -> None:
    """S4-X08, S4-X09."""
    equal = synthetic(
        "a", explained_variance=[-50.0] * 20, return_std=[1e-6] * 20, return_mean=[500.0] * 20, mean_ep_return=LEARNT
    )
    assert fired(equal) == set()
    untrained = synthetic("a", explained_variance=[-5.0, -1.0, 0.1] + [0.7] * 17, mean_ep_return=LEARNT)
    assert fired(untrained) == set()


@pytest.mark.parametrize("n", [2, 18, 500])
def test_no_threshold_on_entropy_in_nats(n: int) -> None:
    """S4-X21: the same share of the maximum gets the same verdict, however many actions there are."""
    most = math.log(n)
    rules = [find(name) for name in ("entropy-collapse", "entropy-at-maximum")]
    for share, expected in ((0.01, ["fired", "clean"]), (0.5, ["clean", "clean"]), (0.99, ["clean", "fired"])):
        run = synthetic("a", entropy=[share * most] * 20, n_actions=n, masked=0, mean_ep_return=FLAT)
        assert [judge(rule, run).status for rule in rules] == expected


def test_a_negative_differential_entropy_is_no_collapse() -> None:
    for run in (
        synthetic("a", entropy=np.linspace(1.4, -9, 20).tolist(), mean_ep_return=FLAT),
        synthetic("a", entropy=[-9.0] * 20, log_std_mean=[-1.0] * 20, mean_ep_return=FLAT),
    ):
        assert fired(run) == set()
        assert judge(find("entropy-collapse"), run).status == "undecided"


def test_gradient_steps_are_counted_not_epochs() -> None:
    """S4-X12: twenty epochs of one batch are fewer steps than eight epochs of four."""
    twenty = synthetic("a", n_epochs=20, batch_size=2048, rollout_rows=2048)
    one = synthetic("a", n_epochs=1, batch_size=2048, rollout_rows=2048)
    assert fired(twenty) == set()
    assert fired(one) == {"one-gradient-step", "one-minibatch"}


def test_no_finding_contradicts_itself_on_the_kl_target() -> None:
    """S4-X05: called too tight, then recommended tighter. Whoever blames the stop must not prescribe a target."""
    for name, run, found in everything_said():
        targets = [one.change["target_kl"] for one in found.remedies if "target_kl" in one.change]
        assert len(targets) <= 1, name
        blames_the_stop = any(one.signal in ("early_stopped", "target_kl") for one in found.evidence)
        assert not (targets and blames_the_stop), name
        assert not (targets and run.scalar("target_kl") is not None), name


def test_no_finding_pulls_one_setting_both_ways() -> None:
    """S4-X06."""
    for name, _, found in everything_said():
        for setting in {key for one in found.remedies for key in one.change}:
            factors = [
                one.change[setting] for one in found.remedies if re.fullmatch(r"x[\d.]+", one.change.get(setting, ""))
            ]
            assert len({float(factor.removeprefix("x")) > 1 for factor in factors}) <= 1, (name, setting)


def test_a_raised_value_coefficient_is_never_the_cure() -> None:
    """S1-X12: with a global clip it starves the policy."""
    assert [name for name, _, found in everything_said() if any(raises(one, "vf_coef") for one in found.remedies)] == []


def test_a_static_workload_never_explains_a_run_that_does_not_learn() -> None:
    """S0-X14: it harms generalisation only."""
    assert find("workload-fixed").severity == "info"


def test_a_constant_offset_of_the_reward_is_no_dead_signal() -> None:
    """S2-X07: only differences between actions count."""
    for shift in (0.0, -1e4):
        values = [value + shift for value in LEARNT]
        assert fired(synthetic("a", mean_ep_return=values, reward_mean=[shift] * 20, reward_std=[1.0] * 20)) == set()


def test_forced_no_ops_say_nothing_about_the_policy() -> None:
    """S3-X06."""
    run = synthetic(
        "a", noop_frac=[0.51] * 20, forced_frac=[0.5] * 20, avoidable_noop_frac=[0.01] * 20, eval_mean_return=FLAT
    )
    assert fired(run) == set()


def test_a_worst_block_is_noisy() -> None:
    """S3-X11."""
    rng = np.random.default_rng(0)
    runs = [rng.normal(0.6, 0.08, (20, 3)) for _ in range(100)]
    rule = find("worst-block-falls")
    alarms = [
        judge(rule, synthetic("a", eval_mean_return=run.mean(1).tolist(), eval_min_block_return=run.min(1).tolist()))
        for run in runs
    ]
    assert sum(one.status == "fired" for one in alarms) <= 2


def test_an_outlier_is_judged_by_its_task_and_not_by_a_clip_of_another() -> None:
    """S2-X10: minus six lies outside of a clip at four, and is no fault."""
    rng = np.random.default_rng(0)
    run = synthetic("a", reward_max=[1.0] * 20, reward_min=(-4 - 2 * rng.random(20)).tolist(), mean_ep_return=LEARNT)
    assert fired(run) == set()
