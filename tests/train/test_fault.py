"""Faults: the registry, injection, and the seam they go through."""

from __future__ import annotations

import dataclasses
import re

import jax
import pytest

from ppo_doctor.errors import UserError
from ppo_doctor.train import envs, epochs, fault, loss, ppo, rollout
from ppo_doctor.train.baselines.batch_jobs import policies
from ppo_doctor.train.config import Config, Network
from ppo_doctor.train.learner import HEALTHY, Parts

TINY = Config(
    total_steps=32,
    n_envs=2,
    n_steps=8,
    batch_size=8,
    n_epochs=1,
    signals=False,
    network=Network(actor=(8,), critic=(8,)),
)


def program(config: Config, parts: Parts | None) -> str:
    """The traced update, without addresses."""
    env = envs.make("cartpole")
    extra = () if parts is None else (parts,)
    traced = jax.make_jaxpr(lambda e, who: ppo.update_one(config, e, who, *extra))(env, ppo.init(config, env, 0))
    return re.sub(r"0x[0-9a-f]+", "", str(traced))


def test_the_seam_costs_nothing_in_the_healthy_case() -> None:
    """Wrappers that hand every call straight on trace to the very same program, so the seam adds no operation."""
    settings = dataclasses.replace(TINY, normalize_obs=True, normalize_reward=True, signals=True)
    wrapped = {
        field.name: (lambda call: lambda *a, **k: call(*a, **k))(getattr(HEALTHY, field.name))
        for field in dataclasses.fields(Parts)
    }
    assert program(settings, Parts(**wrapped)) == program(settings, None)


def test_the_defaults_are_the_functions_that_were_always_called() -> None:
    assert HEALTHY.terms == loss.Terms() == (loss.policy_terms, loss.value_errors, loss.standardised)
    assert HEALTHY.steps == epochs.Steps()
    assert HEALTHY.act is rollout.act


def test_a_fault_changes_the_program_and_only_where_it_is_injected() -> None:
    _, config, parts = fault.inject(fault.find("loss_sign_wrong"), envs.make("cartpole"), TINY)
    assert config == TINY
    assert parts.policy is not HEALTHY.policy
    assert dataclasses.replace(parts, policy=HEALTHY.policy) == HEALTHY
    assert program(config, parts) != program(config, HEALTHY)


def test_the_same_injection_gives_the_same_functions_so_that_nothing_compiles_twice() -> None:
    one, two = (fault.inject(fault.find("loss_sign_wrong"), envs.make("cartpole"), TINY, 0.3)[2] for _ in range(2))
    assert one == two
    assert hash(one) == hash(two)
    assert one != fault.inject(fault.find("loss_sign_wrong"), envs.make("cartpole"), TINY)[2]


def test_an_unknown_fault_is_named_with_the_known_ones() -> None:
    with pytest.raises(UserError, match=r"unknown fault 'gremlin'; known: .*loss_sign_wrong"):
        fault.find("gremlin")


def test_a_fault_that_does_not_suit_is_refused() -> None:
    with pytest.raises(UserError, match="cannot be expressed in CartPole"):
        fault.inject(fault.find("wait_time_unset"), envs.make("cartpole"), TINY)


def test_the_faulty_heuristics_replace_healthy_ones() -> None:
    env = envs.make("batch_jobs")
    one = fault.find("wait_time_unset")
    assert one.baselines is not None
    assert set(one.baselines(env, 1.0)) <= set(policies(env))


@pytest.mark.parametrize(("strength", "n", "count"), [(1.0, 4, 4), (0.9, 4, 3), (0.5, 4, 2), (0.1, 4, 1), (0.5, 1, 0)])
def test_a_share_below_one_leaves_a_row_out(strength: float, n: int, count: int) -> None:
    chosen = fault.share(strength, n, 2)
    assert chosen.shape == (n, 1)
    assert int(chosen.sum()) == count
