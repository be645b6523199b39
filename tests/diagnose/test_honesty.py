"""Runs that look alarming and are not, dead runs that look harmless, and causes that look alike."""

from __future__ import annotations

import numpy as np
import pytest

from ppo_doctor.diagnose.calibration import Calibration
from ppo_doctor.diagnose.differential import BENIGN, Suspect, examine
from ppo_doctor.diagnose.next_test import NextTest
from ppo_doctor.run import Run, Series, synthetic

RNG = np.random.default_rng(0)
ROSE = [20.0, 45.0, 80.0, 120.0, 150.0, 170.0, 180.0] + [185.0, 186.0, 184.0, 185.0, 186.0] * 3
FLAT = [22.0, 21.0, 22.5, 21.5] * 6
N = len(ROSE)


def line(start: float, end: float, n: int = N) -> list[float]:
    return list(np.linspace(start, end, n))


HARMLESS = (
    synthetic(
        "a solved task with equal returns",
        mean_ep_return=[22.0, 60.0, 150.0, 300.0, 450.0] + [500.0] * 17,
        explained_variance=[0.1, 0.5, 0.6, 0.4] + [-0.5, -2.0, 0.0] * 6,
        entropy_frac=[0.99, 0.9, 0.8, 0.7] + [0.3] * 18,
    ),
    synthetic(
        "solved from the start, with references",
        eval_mean_return=[500.0] * 14,
        explained_variance=[float("nan")] * 14,
        random_return=22,
        best_baseline_return=500,
    ),
    synthetic(
        "KL spikes of a nearly deterministic policy",
        mean_ep_return=ROSE,
        approx_kl_max=[0.02] * 8 + [0.02, 1.5, 0.01, 0.02, 0.9, 0.01, 0.02] * 2,
        entropy_frac=[0.9, 0.7, 0.5, 0.3, 0.2, 0.1] + [0.03] * 16,
    ),
    synthetic(
        "flat self-play",
        mean_ep_return=list(0.1 * RNG.normal(size=24)),
        approx_kl_mean=[0.01] * 24,
        entropy_frac=line(0.99, 0.5, 24),
    ),
    synthetic("a short run", mean_ep_return=[20.0, 24.0, 30.0], approx_kl_mean=[0.01] * 3, entropy_frac=[0.99] * 3),
    synthetic(
        "a value loss that grows with the returns",
        mean_ep_return=ROSE,
        v_loss=[value**2 / 100 for value in ROSE],
        explained_variance=line(0.0, 0.9),
    ),
    synthetic("entropy rises with the return", mean_ep_return=ROSE, entropy_frac=line(0.6, 0.9)),
    synthetic(
        "gradients always clipped while learning",
        mean_ep_return=ROSE,
        grad_clipped_frac=[1.0] * N,
        grad_norm=[3.0] * N,
        max_grad_norm=0.5,
    ),
    synthetic(
        "a low explained variance while learning",
        mean_ep_return=ROSE,
        explained_variance=list(0.1 + 0.05 * RNG.normal(size=N)),
    ),
    synthetic(
        "negative returns",
        mean_ep_return=[-1200.0, -1150.0, -1000.0, -700.0, -400.0, -250.0] + [-180.0, -175.0, -185.0, -178.0] * 4,
        log_std_mean=line(0.0, -0.8),
    ),
    synthetic(
        "the budget ended in the climb",
        mean_ep_return=[20.0 + 6.0 * k for k in range(22)],
        approx_kl_mean=[0.01] * 22,
        total_steps=22_000,
    ),
    synthetic(
        "a negative differential entropy",
        mean_ep_return=ROSE,
        entropy=line(1.4, -3.0),
        log_std_mean=line(0.0, -1.5),
    ),
    synthetic(
        "noise after the plateau",
        mean_ep_return=ROSE[:10] + list(185.0 + 4.0 * RNG.normal(size=14)),
        half_batch_cosine=[0.4] * 8 + [0.02] * 16,
    ),
    synthetic(
        "no headroom, and rightly flat",
        eval_mean_return=list(50.0 + 0.5 * RNG.normal(size=14)),
        random_return=50,
        random_return_std=5,
        headroom=0.05,
        action_influence_state=1.0,
        action_influence_return=0.2,
        entropy_frac=[0.99] * 14,
    ),
    synthetic("a dip that recovers", mean_ep_return=ROSE[:12] + [120.0, 140.0, 170.0] + [185.0, 186.0, 184.0] * 4),
)


def first(run: Run) -> Suspect:
    return examine(run, calibration=Calibration()).causes[0]


def healthy(run: Run) -> float:
    found = examine(run, calibration=Calibration()).causes
    return next(one.probability for one in found if one.cause.id == "healthy")


@pytest.mark.parametrize("run", HARMLESS, ids=lambda run: run.source)
def test_a_run_that_only_looks_alarming_is_blamed_on_nothing(run: Run) -> None:
    assert first(run).cause.id in BENIGN


def sb3(seed: int, start: float, scale: float, kind: str, n: int = 60) -> Run:
    """What a dead run writes into SB3's progress.csv: a running mean of 100 episodes, and SB3's own columns."""
    rng = np.random.default_rng(seed)
    returns = start + scale * (
        rng.exponential(size=(n + 20) * 5) if kind == "skewed" else rng.normal(size=(n + 20) * 5)
    )
    smooth = np.convolve(returns, np.ones(100) / 100, mode="valid")[::5][:n]
    return synthetic(
        f"{kind} {seed}",
        every=2048,
        mean_ep_return=list(smooth),
        mean_ep_length=list(np.abs(smooth)),
        approx_kl_mean=list(0.005 + 0.003 * rng.random(len(smooth))),
        clip_frac=list(0.05 + 0.03 * rng.random(len(smooth))),
        entropy=list(0.69 - 0.05 * rng.random(len(smooth)) * np.linspace(0, 1, len(smooth))),
        explained_variance=list(0.3 * rng.random(len(smooth))),
        learning_rate=[3e-4] * len(smooth),
        pg_loss=list(-0.01 * rng.random(len(smooth))),
        v_loss=list(20.0 + rng.random(len(smooth))),
    )


@pytest.mark.parametrize("kind", ["skewed", "even"])
@pytest.mark.parametrize(("start", "scale"), [(22.0, 10.0), (-1200.0, 300.0), (0.0, 1.0), (-200.0, 0.0)])
def test_a_dead_run_in_an_sb3_log_is_never_healthy(start: float, scale: float, kind: str) -> None:
    for seed in range(3):
        assert healthy(sb3(seed, start, scale, kind)) <= 0.5


def test_a_dead_run_is_not_healthy_however_many_rules_are_clean() -> None:
    run = sb3(0, 22.0, 10.0, "skewed")
    more = {"clip_range_vf": 1e9, "vf_coef": 0.5, "n_epochs": 10.0, "gamma": 0.99, "clip_coef_start": 0.2}
    probed = {"action_influence_state": 1.0, "action_influence_return": 0.5, "headroom": 3.0, "state_changes": 1.0}
    assert healthy(Run("dead", {**run.signals, **more, **probed})) <= 0.5


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["mean_ep_return", "explained_variance", "approx_kl_mean"])
def test_a_value_that_is_no_number_never_makes_a_run_healthier(name: str, bad: float) -> None:
    run = synthetic("a", mean_ep_return=ROSE, explained_variance=line(0.0, 0.9), approx_kl_mean=[0.01] * N)
    series = run.series(name)
    values = np.array(series.value)
    values[5] = bad
    spoilt = Run("spoilt", {**run.signals, name: Series(name, series.step, values)})
    # one witness less of those that share a signal leaves each of the others a little more weight
    assert healthy(spoilt) <= healthy(run) + 1e-3


def splitting_test(run: Run, *pair: str) -> NextTest:
    """The next test of the more probable one of a pair."""
    found = [one for one in examine(run, calibration=Calibration()).causes if one.cause.id in pair]
    assert found, f"neither of {pair} is suspected"
    assert found[0].next_test is not None
    return found[0].next_test


@pytest.mark.parametrize(
    ("pair", "run", "telling"),
    [
        (
            ("gae-leak", "no-bootstrap"),
            synthetic("advantages are wrong", gae_error=2.0),
            ("gae_wrong_at_ends", "gae_wrong_at_last"),
        ),
        (
            ("reward-ignores-decisions", "no-headroom"),
            synthetic("flat, uniform", mean_ep_return=FLAT, entropy_frac=[0.99] * 24, half_batch_cosine=[0.0] * 24),
            ("action_influence_return", "headroom"),
        ),
        (
            ("reward-constant", "reward-sparse"),
            synthetic("never paid", reward_std=[0.0] * 24, reward_mean=[0.0] * 24, mean_ep_return=[0.0] * 24),
            ("headroom", "reward_occurrence"),
        ),
    ],
    ids=lambda value: "/".join(value) if isinstance(value, tuple) else "",
)
def test_the_next_test_splits_a_hard_pair(pair: tuple[str, str], run: Run, telling: tuple[str, ...]) -> None:
    assert set(splitting_test(run, *pair).signals) & set(telling)


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        ({"gae_error": 2.0, "gae_wrong_at_ends": 1.0, "gae_wrong_at_last": 0.0}, "gae-leak"),
        ({"gae_error": 2.0, "gae_wrong_at_ends": 0.0, "gae_wrong_at_last": 1.0}, "no-bootstrap"),
        ({"action_influence_state": 1.0, "action_influence_return": 0.0, "headroom": 0.0}, "reward-ignores-decisions"),
        ({"action_influence_state": 1.0, "action_influence_return": 0.6, "headroom": 0.0}, "no-headroom"),
        (
            {"reward_std": [0.0] * 24, "reward_mean": [0.0] * 24, "headroom": 0.0, "reward_occurrence": 0.0},
            "reward-constant",
        ),
        (
            {"reward_std": [0.0] * 24, "reward_mean": [0.0] * 24, "headroom": 3.0, "reward_occurrence": 0.0},
            "reward-sparse",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_answer_of_that_test_decides_the_pair(answer: dict, cause: str) -> None:
    assert first(synthetic("answered", mean_ep_return=FLAT, **answer)).cause.id == cause
