"""The laws of `testing.faults` for every fault, and what the audit of the data path finds of them."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Iterable
from pathlib import Path

import jax
import pytest

from ppo_doctor.commands import faults as command
from ppo_doctor.diagnose.cause import all_causes
from ppo_doctor.testing.faults import HOSTS, LAWS, TINY, Law
from ppo_doctor.train import audit, envs, fault, ppo
from ppo_doctor.train.learner import HEALTHY

LIMITS = {
    "log_prob_error": 1e-3,
    "gae_error": 1e-3,
    "reward_misaligned_frac": 0.01,
    "forward_noise": 1e-4,
    "stored_action_tied": 0.01,
    "normaliser_gap": 0.1,
}
"""Of the rules that read the audit; of the others any number above 0 counts."""

FOUND = {
    "actions_resampled": {"log_prob_error"},
    "advantages_cleared": {"gae_error", "advantage_cleared_frac"},
    "agents_chained": {"gae_error", "gae_wrong_inside"},
    "agents_interleaved": {"reward_misaligned_frac"},
    "bootstrap_from_last_stored": {"gae_error", "gae_wrong_at_last"},
    "broadcast_in_surrogate": {"shape_mismatch", "policy_gradient_cosine", "policy_gradient_scale"},
    "broadcast_in_value": {"shape_mismatch"},
    "consensus_action_executed": {"stored_action_error"},
    "critic_detached": {"gradient_missing_frac", "optimiser_missing_frac"},
    "discount_applied_twice": {"gae_error", "gae_wrong_inside", "discount_in_use"},
    "done_flag_lost": {"done_mismatch"},
    "dropout_active": {"log_prob_error", "forward_noise"},
    "entropy_sign_wrong": {"entropy_step"},
    "environments_interleaved": {"gae_error", "advantage_permuted"},
    "every_step_stored_terminal": {"done_mismatch"},
    "executed_action_differs": {"stored_action_error"},
    "gae_leak": {"gae_error", "gae_wrong_at_ends"},
    "gae_leak_at_time_limit": {"gae_error", "gae_wrong_at_ends"},
    "loss_sign_wrong": {"policy_gradient_cosine"},
    "logprob_without_temperature": {"log_prob_error"},
    "mask_missing_in_update": {"log_prob_error"},
    "no_bootstrap": {"gae_error", "gae_wrong_at_last"},
    "normaliser_frozen": {"normaliser_still"},
    "normalisation_not_synced": {"normaliser_gap"},
    "observation_aliased": {"log_prob_error", "obs_aliased_frac", "transition_gap_frac"},
    "optimiser_misses_actor_head": {"optimiser_missing_frac"},
    "optimiser_misses_critic": {"optimiser_missing_frac"},
    "optimiser_misses_log_std": {"optimiser_missing_frac"},
    "reward_misaligned": {"reward_misaligned_frac"},
    "stored_action_clipped": {"log_prob_error", "stored_action_tied"},
    "temperature_missing_in_update": {"log_prob_error"},
}
"""Fault -> every signal of the audit that must speak, and no other may."""
TURNED = {"policy_gradient_cosine", "policy_gradient_scale"}
"""May speak as well where the policy that is re-evaluated is another one."""
PLACES = {"gae_wrong_inside", "gae_wrong_at_ends", "gae_wrong_at_last"}
"""Say where advantages are wrong: each speaks where such rows are."""
LOCAL = ("gae_leak", "gae_leak_at_time_limit", "bootstrap_from_last_stored")
"""Faults of one place alone."""
UNTOLD = PLACES | {
    "gae_error",
    "discount_in_use",
    "reward_misaligned_frac",
    "stored_action_tied",
    "advantage_permuted",
    "advantage_cleared_frac",
    "transition_gap_frac",
}
"""May be NaN: there are no such rows, actions or differences."""
ELSEWHERE = {"reward_misaligned": "probe_agents", "stored_action_clipped": "probe_continuous"}
"""Where the first suitable environment does not show it: constant rewards, actions within their bounds."""
HARMLESS = [name for name in fault.names() if fault.find(name).harmless and fault.find(name).parts]


@pytest.fixture(autouse=True)
def one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """CartPole's rewards are all the same: further rollouts, uncompiled here, would look in vain."""
    monkeypatch.setattr(audit, "MORE_LOOKS", 0)


def module(name: str):
    return importlib.import_module(f"ppo_doctor.train.faults.{name}")


def speaking(host: str, name: str | None = None, strength: float | None = None) -> set[str]:
    """The signals that say something is wrong, after one update in a small environment, uncompiled."""
    env, config, parts = envs.make(host, **HOSTS[host]), TINY, HEALTHY
    if name is not None:
        env, config, parts = fault.inject(fault.find(name), env, config, strength)
    with jax.disable_jit():
        learner, _ = ppo.update_one(config, env, ppo.init(config, env, 0), parts)
        found = audit.audit(config, env, learner, parts)
    assert not any(math.isnan(x) for signal, x in found.items() if signal not in UNTOLD)
    return {signal for signal, x in found.items() if wrong(signal, x)}


def wrong(signal: str, x: float) -> bool:
    """What the rule that reads the signal says."""
    if signal == "entropy_step":
        return x <= 0
    if signal == "discount_in_use":
        return x < TINY.gamma - 0.005
    if signal == "policy_gradient_scale":
        return not 1 / 3 <= x <= 3
    return x < 0.5 if signal == "policy_gradient_cosine" else x > LIMITS.get(signal, 0.0)


def where(name: str) -> str:
    """The small environment that shows the fault."""
    return ELSEWHERE.get(name) or next(
        host for host in HOSTS if fault.find(name).suits(envs.make(host, **HOSTS[host]), TINY)
    )


def others_slow(chosen: Callable[[str], bool], names: Iterable[str]) -> list:
    """One parameter a name; those that are not chosen are tried in the slow suite only: each costs a second or more."""
    return [pytest.param(name, marks=() if chosen(name) else pytest.mark.slow) for name in names]


@pytest.mark.parametrize("host", others_slow("cartpole".__eq__, HOSTS))
def test_the_audit_finds_nothing_in_a_healthy_learner(host: str) -> None:
    assert speaking(host) == set()


@pytest.mark.parametrize("name", others_slow(lambda name: where(name) == "cartpole", FOUND))
def test_the_audit_finds_the_fault_and_nothing_else(name: str) -> None:
    found = speaking(where(name), name)
    allowed = FOUND[name] | (TURNED if "log_prob_error" in FOUND[name] else set())
    allowed |= PLACES if {"gae_error", "done_mismatch"} & FOUND[name] and name not in LOCAL else set()
    assert FOUND[name] <= found <= allowed


def test_the_audit_sees_advantages_of_another_size() -> None:
    assert speaking("cartpole", "advantage_not_normalised", 0.01) == {"policy_gradient_scale"}


@pytest.mark.slow
@pytest.mark.parametrize("name", HARMLESS)
def test_the_audit_finds_nothing_in_a_harmless_mutant(name: str) -> None:
    assert speaking("cartpole", name) == set()


@pytest.mark.parametrize("law", LAWS[:2], ids=lambda law: law.__name__)
@pytest.mark.parametrize("name", fault.names())
def test_a_fault_is_well_formed(name: str, law: Law) -> None:
    law(module(name))


@pytest.mark.parametrize("law", LAWS[2:], ids=lambda law: law.__name__)
@pytest.mark.parametrize("name", others_slow(lambda name: fault.find(name).kind == "evaluation", fault.names()))
def test_a_fault_does_something(name: str, law: Law) -> None:
    law(module(name))


def test_every_cause_is_one_the_doctor_knows() -> None:
    known = {cause.id for cause in all_causes()} | {""}
    assert {name for name in fault.names() if fault.find(name).cause not in known} == set()


def test_the_page_of_the_documentation_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    command.command(markdown=True)
    assert (Path(__file__).parents[1] / "docs" / "faults.md").read_text(encoding="utf-8") == capsys.readouterr().out
