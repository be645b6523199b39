"""What is worth trying on a configuration: everything far from usual, and nothing else."""

from dataclasses import replace

import pytest

from ppo_doctor import signals
from ppo_doctor.diagnose.rule import all_rules
from ppo_doctor.signal_trials import TRIALS
from ppo_doctor.train import envs
from ppo_doctor.train.config import Config, Network, Schedule, constant
from ppo_doctor.treat.proposals import USUAL, proposals


def names(config: Config, real_actions: bool = True) -> list[str]:
    return [one.name for one in proposals(config, real_actions)]


def test_a_usual_configuration_leaves_nothing_to_try():
    assert proposals(Config(), real_actions=True) == ()


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
    ],
)
def test_what_is_far_from_usual_is_put_back_alone(change, name, setting, value):
    (one,) = proposals(replace(Config(), **change), real_actions=False)
    assert (one.name, one.setting) == (name, setting)
    assert one.config == replace(Config(), **change | {setting: value})


@pytest.mark.parametrize("log_std", [-5.0, 3.0])
def test_a_degenerate_deviation_is_put_back_where_actions_are_real(log_std):
    config = replace(Config(), network=Network(log_std=log_std))
    (one,) = proposals(config, real_actions=True)
    assert one.config == Config()
    assert proposals(config, real_actions=False) == ()


def test_a_rate_that_decays_to_nothing_is_usual():
    assert names(replace(Config(), learning_rate=Schedule(3e-4, 0.0, "linear"))) == []


def test_several_settings_are_tried_one_at_a_time():
    wrong = replace(Config(), gamma=0.5, vf_coef=1e4)
    assert [(one.config.gamma, one.config.vf_coef) for one in proposals(wrong, True)] == [(0.99, 1e4), (0.5, 0.5)]


def test_every_proposal_has_its_signal_and_its_rule():
    tried = {f"trial_gain_{name}" for usual in USUAL for name in (usual.raised, usual.lowered) if name}
    tried |= {"trial_gain_usual_deviation", "trial_gain_reference_learner"}
    assert tried == set(TRIALS)
    assert tried == {rule.inputs[0].parameter for rule in all_rules() if rule.family == "trial"}
    assert all(signals.known(name) for name in tried)


def test_our_own_configurations_leave_little_to_try():
    """A named configuration works: what lies outside the usual range there is deliberate, and rare."""
    found = {name: names(envs.module(name).CONFIGS["default"]) for name in envs.names()}
    assert all(set(tried) <= {"higher_discount", "lower_discount"} for tried in found.values()), found
