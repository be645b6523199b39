"""Configurations from words and JSON."""

from __future__ import annotations

import dataclasses
import json
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppo_doctor.errors import UserError
from ppo_doctor.train import settings
from ppo_doctor.train.config import Config, Curriculum, Network, Schedule, constant


def assign(*words: str) -> Config:
    return settings.assign(Config(), settings.pairs(words))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["gamma=0.9"], Config(gamma=0.9)),
        (["total_steps=1e6"], Config(total_steps=1_000_000)),
        (["n_steps=64", "n_envs=2"], Config(n_steps=64, n_envs=2)),
        (["learning_rate=3e-4"], Config(learning_rate=constant(3e-4))),
        (
            ["learning_rate=1e-3", "learning_rate.kind=linear", "learning_rate.end=0"],
            Config(learning_rate=Schedule(1e-3, 0.0, "linear")),
        ),
        (["network.kind=scorer", "network.actor=32,16"], Config(network=Network("scorer", (32, 16)))),
        (["network.critic=8"], Config(network=Network(critic=(8,)))),
        (["target_kl=0.01"], Config(target_kl=0.01)),
        (["target_kl=0.01", "target_kl=none"], Config()),
        (["normalize_obs=true"], Config(normalize_obs=True)),
        (["policy_target=monte-carlo"], Config(policy_target="monte-carlo")),
        (
            ["curriculum.field=load", "curriculum.schedule=0.5"],
            Config(curriculum=Curriculum("load", constant(0.5))),
        ),
    ],
)
def test_words_reach_every_kind_of_field(words: list[str], expected: Config):
    assert assign(*words) == expected


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["gama=1"], "did you mean gamma"),
        (["network=scorer"], "network.kind"),
        (["network.kind=tree"], "network.kind is 'tree'"),
        (["gamma=true"], "gamma needs a number"),
        (["normalize_obs=2"], "needs true or false"),
        (["curriculum.field=load"], "schedule"),
        (["learning_rate.until=0.5"], "does nothing"),
        (["network.actor=a,b"], "whole number"),
    ],
)
def test_what_cannot_be_meant_is_refused(words: list[str], complaint: str):
    with pytest.raises(UserError, match=complaint):
        assign(*words)


@given(st.integers(1, 10**9), st.floats(0, 1), st.none() | st.floats(1e-6, 1), st.booleans(), st.text(min_size=1))
def test_json_and_back_is_the_same(count: int, share: float, limit: float | None, on: bool, word: str):
    rate = Schedule(share, limit or 0.0, "linear" if on else "constant")
    config = Config(
        total_steps=count,
        learning_rate=rate,
        target_kl=limit,
        normalize_reward=on,
        network=Network("attention" if on else "mlp", (count, 1)),
        curriculum=Curriculum(word, rate) if on else None,
    )
    assert settings.from_json(json.loads(json.dumps(dataclasses.asdict(config)))) == config


def make(split: str = "train", *, load: float = 1.0, mode: Literal["a", "b"] = "a", slots: int | None = None) -> None:
    """An environment's factory."""


def test_parameters_take_the_types_of_the_factory():
    found = settings.parameters(make, [("load", "2"), ("mode", "b"), ("slots", "none")], "toy")
    assert found == {"load": 2.0, "mode": "b", "slots": None}
    assert isinstance(found["load"], float)


@pytest.mark.parametrize(
    ("word", "complaint"),
    [(("laod", "1"), "did you mean load"), (("mode", "c"), "env.mode is 'c'"), (("split", "report"), "no parameter")],
)
def test_parameters_that_a_factory_lacks_are_refused(word: tuple[str, str], complaint: str):
    with pytest.raises(UserError, match=complaint):
        settings.parameters(make, [word], "toy")
