"""The probes of bounds, tails, growth and references against answers worked out by hand, on a rail."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from ppo_doctor.errors import UserError
from ppo_doctor.testing import broken
from ppo_doctor.train import followed, probes
from ppo_doctor.train.hosted import Hosted
from ppo_doctor.train.lab import Lab
from ppo_doctor.train.probes import reward_audit

STEPS = 20
NARROW = {"clip": 0.25, "reach": 0.2}


def good(seeds: np.ndarray, horizon: int, **switches: float) -> np.ndarray:
    """Rewards [n, horizon] of a policy that goes to the middle and stays there."""
    return followed.rewards(Hosted("Rail", broken.Rail(**switches)), broken.centred, seeds, horizon)


@cache
def _lab(kind: str, known: bool, switches: tuple[tuple[str, float], ...]) -> Lab:
    lab = Lab(Hosted(kind, getattr(broken, kind)(**dict(switches))), 5_000)
    if known:
        lab.reference = lambda seeds, horizon: good(seeds, horizon, **dict(switches))
    return lab


def said(kind: str, probe: str, known: bool = False, **switches: float) -> dict[str, float]:
    """What a probe measured, with the good policy as reference or without; one lab for equal switches."""
    lab = _lab(kind, known, tuple(sorted(switches.items())))
    return {name: value for one in probes.run(lab, [probe]) for name, value in one.signals.items()}


def test_a_clip_collects_what_lies_beyond_it() -> None:
    found = said("Rail", "reward_audit", **NARROW)["reward_clipped_frac"]
    play = _lab("Rail", False, tuple(sorted(NARROW.items()))).random
    assert found == np.mean(np.abs(play.obs[:, 1:, 0][play.alive]) > 0.5)  # the square is cut at a quarter
    assert 0.1 < found < 0.9


def test_a_good_policy_shows_what_a_clip_hides_from_random_play() -> None:
    hidden, shown = np.full(100, -1e-3), good(np.arange(8), STEPS, clip=1e-3).ravel()
    assert reward_audit._clipped(hidden, hidden) is None
    assert reward_audit._clipped(hidden, np.concatenate([hidden, shown])) == 1.0


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        (np.r_[np.linspace(0, 1, 50), [1.0] * 49], pytest.approx(50 / 99)),  # one more at the bound itself
        (np.r_[np.linspace(-1, 0, 50), [0.0] * 50], 0.0),  # nothing costs less than nothing
        (np.repeat([-1.0, 0.0, 1.0], 20), None),  # no continuum
        (np.zeros(60), 0.0),  # what is not paid is not clipped
        (np.r_[np.linspace(0, 1, 50), 1.0], 0.0),  # twice is no heap
    ],
)
def test_a_heap_at_the_end_of_a_continuum_is_a_clip(paid: np.ndarray, expected: float | None) -> None:
    assert reward_audit._clipped(paid, paid) == expected


def test_a_rare_spike_is_a_long_tail() -> None:
    assert said("Rail", "reward_audit", **NARROW)["reward_tail"] < 3.0
    paid = np.r_[np.linspace(-1, 0, 999), 500.0]
    assert reward_audit._tail(paid) == pytest.approx(
        1000.0, rel=0.02
    )  # 500.5 from the middle; the unit is 0.495 or 0.5
    assert reward_audit._tail(np.r_[np.ones(999), -999.0]) == 1000.0  # the median's size is the unit
    assert reward_audit._tail(np.r_[np.zeros(999), 1.0]) is None  # a sparse reward has no usual size


def test_what_is_multiplied_every_step_grows() -> None:
    assert said("Rail", "growth")["obs_growth"] == pytest.approx(1.0, abs=0.3)
    grown = said("Rail", "growth", grows=1.5)["obs_growth"]
    assert 1.5**14 < grown < 1.5**20  # steps 0 and 1 against steps 16 to 20
    assert said("Signs", "growth", frozen=True) == {}  # all begins at 0


def test_actions_beyond_a_silent_bound_are_tied() -> None:
    # of the eight actions -1, -5/7, ... the three beyond 0.2 on either side are one: 3 + 3 of 28 pairs
    assert said("Rail", "action_audit", **NARROW)["action_tied_frac"] == pytest.approx(6 / 28)


def test_a_good_policy_gains_over_random_play_and_single_actions() -> None:
    found = said("Rail", "reference", known=True)
    assert 0.0 < found["reference_gain_low"] < found["reference_gain"] < found["reference_gain_high"]
    assert 0.0 < found["reference_lead_low"] < found["reference_lead"]
    assert said("Rail", "reference") == {}


def test_under_the_wrong_sign_a_good_policy_earns_less_than_chance() -> None:
    found = said("Rail", "reference", known=True, sign=-1.0)
    assert found["reference_gain_high"] < 0.0
    assert found["reference_lead_high"] < 0.0


def test_a_reference_that_fails_is_one_line() -> None:
    with pytest.raises(UserError, match="under the reference: TypeError"):
        followed.rewards(Hosted("Rail", broken.Rail()), lambda seen: None, np.arange(1), STEPS)
    for name, words in (("no_such:function", "No module named"), ("ppo_doctor.testing.broken:np.pi", "np.pi")):
        with pytest.raises(UserError, match=words):
            followed.load(name)
    with pytest.raises(UserError, match="no function"):
        followed.load("ppo_doctor.testing.broken:__name__")


def test_episodes_end_in_nan() -> None:
    found = good(np.arange(2), STEPS + 5)
    assert np.isfinite(found[:, :STEPS]).all()
    assert np.isnan(found[:, STEPS:]).all()


def test_where_nobody_is_paid_nothing_is_reached() -> None:
    assert said("Signs", "headroom", pay=0.0)["reward_reached"] == 0.0
    assert said("Signs", "headroom")["reward_reached"] > 0.5
