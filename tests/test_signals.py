"""The vocabulary is complete, unambiguous, and covers every setting of the trainer."""

from __future__ import annotations

import dataclasses

import pytest

from ppo_doctor import signals, store
from ppo_doctor.train.config import Config


@pytest.mark.parametrize("signal", signals.SIGNALS.values(), ids=lambda signal: signal.name)
def test_every_signal_says_what_it_is(signal: signals.Signal) -> None:
    for name in ("unit", "domain", "measured", "reduction", "meaning", "source"):
        assert getattr(signal, name).strip(), name
    assert signal.kind in ("series", "scalar", "text")
    assert signal.stem.isidentifier()
    assert signals.parameter(signal.stem) is signal


def test_names_and_stems_are_unique() -> None:
    stems = [signal.stem for signal in signals.SIGNALS.values()]
    assert len(set(stems)) == len(stems)


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("action_share_greedy/7", "action_share_greedy/<k>"),
        ("eval_block0_return", "eval_block<k>_return"),
        ("reward_term/bounded slowdown", "reward_term/<name>"),
        ("eval_metric/utilisation", "eval_metric/<name>"),
        ("approx_kl_max", "approx_kl_max"),
    ],
)
def test_members_of_families_are_known(name: str, family: str) -> None:
    assert signals.known(name)
    assert signals.lookup(name).name == family


@pytest.mark.parametrize("name", ["action_share_greedy/x", "eval_blocks_return", "reward_term/", "approx_kl", ""])
def test_other_names_are_not(name: str) -> None:
    assert not signals.known(name)
    with pytest.raises(KeyError):
        signals.lookup(name)


def test_every_setting_of_the_trainer_is_in_the_vocabulary() -> None:
    numbers = {name for name, value in store._flat(dataclasses.asdict(Config())).items()}
    optional = {"clip_range_vf", "entropy_floor", "entropy_jump_clip", "target_kl", "pulse_temperature"}
    unknown = {name for name in numbers | optional if not signals.known(name)}
    assert unknown == set()
