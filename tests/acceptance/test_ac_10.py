"""AC-10: what the three configurations amount to, and where the plan contradicts its own diagnosis."""

from __future__ import annotations

from typing import Any

import pytest

from ppo_doctor.audit.arithmetic import arithmetic
from ppo_doctor.audit.plan import contradictions
from ppo_doctor.diagnose.differential import examine
from ppo_doctor.run import Run, synthetic


def setup(title: str, **settings: float) -> Run:
    return synthetic(title, **settings)


CURRENT: dict[str, Any] = {
    "n_epochs": 20,
    "n_steps": 32,
    "n_envs": 64,
    "rollout_rows": 2048,
    "batch_size": 4096,
    "ent_coef_start": 0.2,
    "target_kl": 0.03,
    "learning_rate_start": 5e-5,
}
REFERENCE: dict[str, Any] = CURRENT | {"n_epochs": 5, "n_steps": 40, "n_envs": 20, "rollout_rows": 800}
ADVISED: dict[str, Any] = CURRENT | {
    "n_epochs": 8,
    "n_steps": 128,
    "rollout_rows": 8192,
    "batch_size": 2048,
    "ent_coef_start": 0.05,
    "target_kl": 0.015,
    "learning_rate_start": 3e-4,
}


@pytest.mark.parametrize(
    ("settings", "rollout", "batch", "minibatches", "steps"),
    [(CURRENT, 2048, 2048, 1, 20), (REFERENCE, 800, 800, 1, 5), (ADVISED, 8192, 2048, 4, 32)],
    ids=["current", "reference", "advised"],
)
def test_the_table_of_what_the_settings_amount_to(
    settings: dict[str, Any], rollout: int, batch: int, minibatches: int, steps: int
) -> None:
    found = arithmetic(setup("a", **settings))
    assert (found.rollout_rows, found.batch_rows, found.minibatches) == (rollout, batch, minibatches)
    assert found.steps_per_update == steps


def test_a_batch_beyond_the_rollout_is_named_in_the_reference_too() -> None:
    """The report finds it in the current configuration, and compares with one that has it."""
    for settings, expected in ((CURRENT, True), (REFERENCE, True), (ADVISED, False)):
        named = {found.rule for found in examine(setup("a", **settings)).findings}
        assert ("batch-larger-than-rollout" in named) == expected


def test_the_plan_contradicts_its_diagnosis() -> None:
    judged = {"target_kl": "too low", "entropy": "too low", "gradient_steps": "too high", "approx_kl": "too high"}
    found = contradictions(setup("now", **CURRENT), setup("plan", **ADVISED), judged)  # pyright: ignore
    assert {(one.quantity, one.before, one.after) for one in found} == {
        ("target_kl", 0.03, 0.015),
        ("entropy", 0.2, 0.05),
        ("gradient_steps", 20.0, 32.0),
        ("approx_kl", 5e-5, 3e-4),
    }
    assert "target_kl is called too low, and target_kl goes from 0.03 to 0.015" in {one.sentence() for one in found}


def test_a_plan_that_follows_its_diagnosis_does_not() -> None:
    plan = setup("plan", **ADVISED)
    assert contradictions(setup("now", **CURRENT), plan, {"target_kl": "too high", "rollout": "too low"}) == ()


def test_the_doctor_gives_neither_of_the_two_contradictory_pieces_of_advice() -> None:
    """Entropy is low from the start: no cut of its coefficient. Epochs end early: no tighter target."""
    run = setup(
        "kg reasoning",
        **CURRENT,
        entropy_frac=[0.03] * 12,
        early_stopped=[1.0] * 12,
        epochs_run=[4.0, 6.0, 9.0, 14.0] * 3,
        eval_mean_return=[0.81, 0.80, 0.82, 0.81] * 3,
    )
    report = examine(run)
    assert "entropy-low-at-start" in {found.rule for found in report.findings}
    for remedy in (one for found in report.findings for one in found.remedies):
        assert "target_kl" not in remedy.change
        assert "ent_coef" not in remedy.change
