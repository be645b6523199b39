"""What is worth trying on a configuration: everything far from usual, and nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppo_doctor import signals
from ppo_doctor.diagnose.rule import all_rules
from ppo_doctor.signal_trials import TRIALS
from ppo_doctor.train import envs, ppo
from ppo_doctor.train.config import Config, Network, Schedule, constant
from ppo_doctor.treat.gain import LEAST
from ppo_doctor.treat.proposals import USUAL, changed, dividing, proposals

CARTPOLE, PENDULUM, AGENTS = (envs.make(name) for name in ("cartpole", "pendulum", "probe_agents"))


def names(config: Config) -> list[str]:
    return [one.name for one in proposals(config, PENDULUM)]


def test_a_usual_configuration_leaves_nothing_to_try():
    assert proposals(Config(), PENDULUM) == ()


@pytest.mark.parametrize(
    ("change", "name", "setting", "value"),
    [
        ({"learning_rate": constant(1e-6)}, "higher_learning_rate", "learning_rate", constant(1e-3)),
        ({"learning_rate": constant(0.1)}, "lower_learning_rate", "learning_rate", constant(1e-3)),
        ({"learning_rate": Schedule(1e-3, 0.05, "linear")}, "lower_learning_rate", "learning_rate", constant(1e-3)),
        ({"clip_coef": constant(0.001)}, "wider_clip", "clip_coef", constant(0.2)),
        ({"clip_coef": constant(10.0)}, "narrower_clip", "clip_coef", constant(0.2)),
        ({"ent_coef": constant(0.3)}, "smaller_entropy_bonus", "ent_coef", constant(0.0)),
        ({"gamma": 0.5}, "higher_discount", "gamma", 0.99),
        ({"gamma": 1.0}, "lower_discount", "gamma", 0.99),
        ({"vf_coef": 1e4}, "smaller_value_coef", "vf_coef", 0.5),
        ({"temperature": constant(20.0)}, "lower_temperature", "temperature", constant(1.0)),
        ({"critic_learning_rate": 0.001}, "faster_critic", "critic_learning_rate", 1.0),
        ({"adam_eps": 1.0}, "smaller_epsilon", "adam_eps", 1e-5),
        ({"n_epochs": 40}, "fewer_epochs", "n_epochs", 4),
        ({"target_kl": 1e-6}, "without_target_kl", "target_kl", None),
        ({"clip_range_vf": 0.01}, "without_value_clip", "clip_range_vf", None),
        ({"batch_size": 1024}, "smaller_batch", "batch_size", 256),
    ],
)
def test_what_is_far_from_usual_is_put_back_alone(change, name, setting, value):
    wrong = replace(Config(), **change)
    (one,) = proposals(wrong, CARTPOLE)
    assert (one.name, one.setting) == (name, setting)
    assert changed(wrong, [one]) == replace(wrong, **{setting: value})


@pytest.mark.parametrize(
    "change",
    [
        {"n_epochs": 15}, {"n_epochs": 1}, {"target_kl": 0.02}, {"target_kl": None}, {"batch_size": 512},
        {"n_steps": 8, "batch_size": 32}, {"n_envs": 4, "n_steps": 8, "batch_size": 32},
    ],
)  # fmt: skip
def test_what_is_rare_but_used_is_left_alone(change):
    assert names(replace(Config(), **change)) == []


@pytest.mark.parametrize("log_std", [-5.0, 3.0])
def test_a_degenerate_deviation_is_put_back_where_actions_are_real(log_std):
    config = replace(Config(), network=Network(log_std=log_std))
    (one,) = proposals(config, PENDULUM)
    assert changed(config, [one]) == Config()
    assert proposals(config, CARTPOLE) == ()


@pytest.mark.parametrize(
    ("network", "name"),
    [
        (Network(init_scale=30.0), "usual_initial_weights"),
        (Network(init_scale=0.01), "usual_initial_weights"),
        (Network(actor=(64, 2)), "usual_widths"),
        (Network(actor=(1,), critic=(4096, 64)), "usual_widths"),
    ],
)
def test_an_odd_network_is_put_back(network, name):
    config = replace(Config(), network=network)
    (one,) = proposals(config, CARTPOLE)
    assert one.name == name
    assert changed(config, [one]) == Config()


@settings(deadline=None)  # processors are shared
@given(
    n_envs=st.integers(1, 65), n_steps=st.integers(1, 40), part=st.integers(1, 70), chunks=st.sampled_from([1, 2, 3])
)
def test_what_is_put_back_can_be_trained(n_envs, n_steps, part, chunks):
    """Alone and together: the batch divides the rollout, the chunks divide the batch."""
    for env in (CARTPOLE, AGENTS):
        rows = n_envs * n_steps * env.num_agents
        batch = dividing(rows, part)
        config = replace(
            Config(), n_envs=n_envs, n_steps=n_steps, batch_size=batch, grad_chunks=dividing(batch, chunks)
        )
        ppo.check(config, env.num_agents)
        found = proposals(config, env)
        for some in (found, *((one,) for one in found)):
            ppo.check(changed(config, some), env.num_agents)
            assert proposals(changed(config, found), env) == ()


def test_a_rollout_of_one_step_becomes_one_of_128_in_four_minibatches():
    config = replace(Config(), n_steps=1, batch_size=8)
    (one,) = proposals(config, CARTPOLE)
    assert (one.name, changed(config, [one])) == ("longer_rollout", replace(Config(), n_steps=128, batch_size=256))


@settings(deadline=None)  # processors are shared
@given(rows=st.integers(1, 400), most=st.integers(1, 500))
def test_the_batch_that_divides_is_the_largest(rows, most):
    found = dividing(rows, most)
    assert rows % found == 0
    assert found <= most
    assert all(rows % n for n in range(found + 1, min(rows, most) + 1))


@pytest.mark.parametrize(("updates", "longer"), [(50, 50), (49, 98), (25, 50), (24, 72), (1, 50)])
def test_few_updates_become_twice_as_many_and_enough(updates, longer):
    config = replace(Config(), total_steps=updates * Config().rollout_rows)
    assert names(config) == ["longer_training"] * (longer > updates)
    assert changed(config, proposals(config, CARTPOLE)).n_updates == longer


def test_a_rate_that_decays_to_nothing_is_usual():
    assert names(replace(Config(), learning_rate=Schedule(3e-4, 0.0, "linear"))) == []


def test_several_settings_are_proposed_one_by_one_and_put_back_together():
    wrong = replace(Config(), gamma=0.5, vf_coef=1e4, network=Network(init_scale=30.0))
    found = proposals(wrong, CARTPOLE)
    alone = [changed(wrong, [one]) for one in found]
    assert [(one.gamma, one.vf_coef) for one in alone] == [(0.99, 1e4), (0.5, 0.5), (0.5, 1e4)]
    assert changed(wrong, found) == Config()


def test_every_proposal_has_its_signal_and_all_but_that_of_no_cause_a_rule():
    tried = {f"trial_gain_{name}" for usual in USUAL for name in (usual.raised, usual.lowered) if name}
    others = ("smaller_batch", "longer_rollout", "usual_widths", "longer_training", "reference_learner")
    tried |= {f"trial_gain_{name}" for name in others}
    assert tried == set(TRIALS)
    read = {rule.inputs[0].parameter for rule in all_rules() if rule.family == "trial"}
    assert tried - read == {"trial_gain_usual_widths"}
    assert all(signals.known(name) for name in tried)


def test_a_gain_helps_above_the_limit_of_the_rules():
    assert {dict(rule.thresholds)["least"] for rule in all_rules() if rule.family == "trial"} == {LEAST}


def test_our_own_configurations_leave_little_to_try():
    """A named configuration works: what lies outside the usual range there is deliberate, and rare."""
    found = {
        name: [one.name for one in proposals(envs.module(name).CONFIGS["default"], envs.make(name))]
        for name in envs.names()
    }
    anywhere = {"higher_discount", "lower_discount", "longer_training"}  # small tasks are learnt in few updates
    bonus = {"smaller_entropy_bonus"}  # which frozen_lake explores by
    assert all(set(tried) <= anywhere | (bonus if name == "frozen_lake" else set()) for name, tried in found.items())
