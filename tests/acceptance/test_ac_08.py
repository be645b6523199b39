"""AC-08: the cheat sheet of the job scheduler's study, line by line, on synthetic logs; and what the sheet misses.

Each log is one line of the sheet. The advice is held to the sheet where the sheet is right, and against it where not.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from ppo_doctor.diagnose.differential import examine
from ppo_doctor.diagnose.engine import Report
from ppo_doctor.run import synthetic
from ppo_doctor.train import epochs, policy
from ppo_doctor.train.config import Config, Network
from ppo_doctor.train.env import Discrete
from ppo_doctor.train.loss import ROW_STATS, Batch, Knobs
from ppo_doctor.train.rollout import Norms

N = 20
FLAT = (-40 + np.random.default_rng(0).normal(0, 1, N)).tolist()
UP = [-40.0 + 2 * k for k in range(N)]
LOST = [-40.0, -30.0, -20.0, -15.0, -14.0, -15.0, -14.0, -15.0, -14.0, -15.0] + [-38.0, -39.0] * 5
SINKS = [-15.0, -15.0, -14.0, -17.0, -20.0, -23.0, -25.0, -27.0, -29.0, -31.0] + [-33.0 - 0.3 * k for k in range(10)]
SMALL, SPIKE = [0.006] * N, [0.006] * 10 + [0.7] + [0.006] * 9
NOISE = np.random.default_rng(1).normal(0.0, 0.05, N).tolist()
REFERENCES: dict[str, float] = {"random_return": -40.0, "random_return_std": 8.0, "best_baseline_return": -10.0}

SHEET: dict[str, tuple[dict[str, Any], set[str], set[str]]] = {
    "drop and KL spike": ({"eval_mean_return": LOST, "approx_kl_max": SPIKE}, {"overshoot", "return-lost"}, {"drift"}),
    "drop and tiny KL": ({"eval_mean_return": LOST, "approx_kl_max": SMALL}, {"drift", "return-lost"}, {"overshoot"}),
    "flat, entropy high, tiny KL": (
        {
            "eval_mean_return": FLAT,
            "eval_sampled_mean_return": FLAT,
            "entropy_frac": [0.99] * N,
            "approx_kl_max": [1e-6] * N,
            "approx_kl_mean": [1e-7] * N,
        },
        {"entropy-at-maximum", "updates-too-small"},
        {"entropy-collapse"},
    ),
    "flat, entropy low, no-op high": (
        {"eval_mean_return": FLAT, "entropy_frac": [0.9, 0.4] + [0.02] * 18, "avoidable_noop_frac": [0.3] + [0.9] * 19},
        {"avoidable-noop", "entropy-collapse"},
        {"entropy-at-maximum"},
    ),
    "no-op rises while the return falls": (
        {"eval_mean_return": SINKS, "avoidable_noop_frac": np.linspace(0.02, 0.9, N).tolist()},
        {"noop-collapse"},
        set(),
    ),
    "illegal actions under a hard mask": (
        {"eval_mean_return": UP, "invalid_frac": [0.0] * 10 + [0.01] * 10, "masked": 1.0},
        {"invalid-actions"},
        set(),
    ),
    "mean up, worst block down": (
        {"eval_mean_return": UP, "eval_min_block_return": [-60.0 - 1.5 * k for k in range(N)]},
        {"worst-block-falls"},
        {"return-lost"},
    ),
    "best at the first checkpoint": (
        {"eval_mean_return": SINKS, "eval_sampled_mean_return": SINKS, "approx_kl_max": SMALL},
        {"worse-than-first"},
        set(),
    ),
    "the critic cannot fit": (
        {
            "eval_mean_return": FLAT,
            "v_loss": [40.0] * N,
            "explained_variance": NOISE,
            "return_std": [9.0] * N,
            "return_mean": FLAT,
        },
        {"explained-variance-low"},
        set(),
    ),
    "KL spikes, return holds": ({"eval_mean_return": UP, "approx_kl_max": SPIKE}, set(), {"overshoot", "return-lost"}),
}
"""Line -> (log, rules that must speak, rules that must not)."""


def sheet(line: str) -> Report:
    return examine(synthetic(line, **SHEET[line][0], **REFERENCES))


def fired(report: Report) -> set[str]:
    return {found.rule for found in report.findings}


def advice(report: Report, rule: str) -> dict[str, str]:
    """Setting -> change, over all remedies of a finding."""
    return {
        name: change
        for found in report.findings
        if found.rule == rule
        for remedy in found.remedies
        for name, change in remedy.change.items()
    }


@pytest.mark.parametrize("line", SHEET)
def test_each_line_of_the_sheet(line: str) -> None:
    _, speaks, silent = SHEET[line]
    found = fired(sheet(line))
    assert speaks <= found
    assert not silent & found


def test_a_drop_after_a_spike_asks_for_smaller_steps_and_one_without_does_not_ask_for_a_tighter_target() -> None:
    after_a_spike = advice(sheet("drop and KL spike"), "overshoot")
    assert after_a_spike["learning_rate"] == "x0.5"
    assert {"n_epochs", "target_kl"} <= set(after_a_spike)
    assert "target_kl" not in advice(sheet("drop and tiny KL"), "drift")
    assert "n_steps" in advice(sheet("drop and tiny KL"), "drift")


def test_a_flat_run_at_high_entropy_gets_larger_steps_and_never_more_entropy() -> None:
    report = sheet("flat, entropy high, tiny KL")
    assert advice(report, "updates-too-small")["learning_rate"] == "x10"
    assert all(
        not remedy.change.get("ent_coef", "x0").startswith("x1") for f in report.findings for remedy in f.remedies
    )


@pytest.mark.parametrize("level", [0.0, -0.01, -0.5])
def test_a_policy_loss_near_zero_is_no_symptom_and_one_below_no_merit(level: float) -> None:
    """The sheet reads "near zero for long" as a symptom; with standardised advantages it is zero by construction."""
    quiet = synthetic("a", eval_mean_return=UP, **REFERENCES)
    loud = synthetic("a", eval_mean_return=UP, pg_loss=[level] * N, **REFERENCES)
    assert fired(examine(loud)) == fired(examine(quiet))


@pytest.mark.parametrize(("stored", "lost"), [(0.0, True), (0.004, False)])
def test_the_done_flag_that_the_sheet_misses(stored: float, lost: bool) -> None:
    """Episodes finish, but the flag is reset before it is stored."""
    run = synthetic(
        "a", eval_mean_return=FLAT, n_episodes=[2.0] * N, terminated_frac=[stored] * N, truncated_frac=[0.0] * N
    )
    assert ("done-flag-lost" in fired(examine(run))) == lost


@pytest.mark.parametrize(("avoidable", "collapse"), [(0.0, False), (0.95, True)])
def test_only_no_ops_that_could_have_been_avoided_count(avoidable: float, collapse: bool) -> None:
    """Random play that never chooses to wait logs half of its steps as no-ops, for nothing fits."""
    run = synthetic(
        "a", eval_mean_return=FLAT, noop_frac=[0.513] * N, forced_frac=[0.5] * N, avoidable_noop_frac=[avoidable] * N
    )
    assert ("avoidable-noop" in fired(examine(run))) == collapse


def test_entropy_is_recorded_raw_whatever_the_clamp_of_the_bonus() -> None:
    """A clamped entropy hides a collapse: the study's log shows the clamped one."""
    rows, settings = 8, Config(entropy_jump_clip=0.01, network=Network(actor=(4,), critic=(4,)))
    obs, column = jnp.ones((rows, 2)), jnp.zeros(rows)
    sure = jnp.full(rows, 0.05)  # nats at collection: the policy has since become uniform, far beyond the clamp
    batch = Batch(obs, jnp.ones((rows, 3), bool), jnp.zeros(rows, jnp.int32), column, column, column, column, sure)
    knobs = Knobs(*(jnp.asarray(x) for x in (1e-3, 0.2, 0.01, 1.0, 1.0, jnp.inf)))
    model = policy.build(settings.network, Discrete(3), jnp.zeros(2), seed=0)
    _, (stats, _) = epochs.gradient(settings, Discrete(3), model, Norms(None, None, None), batch, knobs)
    assert float(stats[ROW_STATS.index("entropy")]) == pytest.approx(np.log(3), abs=0.01)
