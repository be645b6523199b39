"""The order in which settings are tried, against runs whose return is known for every combination."""

import itertools
from collections.abc import Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppo_doctor.treat.proposals import Proposal
from ppo_doctor.treat.search import Arm, search

A, B, C, D = (Proposal(name, name, ((name, 1),)) for name in "abcd")
RANDOM = 20.0


class World:
    """A run that is cured where all of `wrong` is put back; a return of 30 until then, and 100 after."""

    def __init__(self, *wrong: Collection[Proposal]) -> None:
        self.wrong, self.asked = wrong, []

    def returns(self, arm: Arm) -> list[float]:
        assert arm not in self.asked, "trained twice"
        self.asked.append(arm)
        cured = any(set(one) <= set(arm) for one in self.wrong)
        return [100.0, 101.0, 99.0] if cured else [30.0, 31.0, 29.0]


def test_nothing_to_try_is_nothing_trained():
    world = World({A})
    found = search((), world.returns, RANDOM)
    assert (found.tried, found.gains, found.cure, world.asked) == ({}, {}, (), [])


def test_one_wrong_setting_is_found_alone():
    world = World({B})
    found = search((A, B, C), world.returns, RANDOM)
    assert world.asked == [(), (A,), (B,), (C,)]
    assert found.cure == (B,)
    assert found.gains == {A.signal: 0.0, B.signal: pytest.approx(0.875), C.signal: 0.0}


def test_two_wrong_settings_are_found_together_without_training_what_was_trained():
    world = World({A, B})
    found = search((A, B), world.returns, RANDOM)
    assert world.asked == [(), (A,), (B,), (A, B)]
    assert found.cure == (A, B)
    assert found.gains == {A.signal: pytest.approx(0.875), B.signal: pytest.approx(0.875)}
    assert found.tried == {(A,): 0.0, (B,): 0.0, (A, B): pytest.approx(0.875)}


def test_what_is_not_missed_is_taken_away():
    world = World({A, C})
    found = search((A, B, C, D), world.returns, RANDOM)
    assert world.asked[5:] == [(A, B, C, D), (B, C, D), (A, C, D), (A, D), (A, C)]
    assert found.cure == (A, C)


def test_what_is_tried_by_itself_only_is_left_out_of_the_joint_trial():
    budget, world = Proposal("budget", "budget", (("budget", 1),), alone=True), World({A, C})
    found = search((A, B, C, budget), world.returns, RANDOM)
    assert world.asked == [(), (A,), (B,), (C,), (budget,), (A, B, C), (B, C), (A, C)]
    assert (found.cure, found.gains[budget.signal]) == ((A, C), 0.0)


def test_what_is_tried_by_itself_only_may_be_the_cure():
    budget = Proposal("budget", "budget", (("budget", 1),), alone=True)
    assert search((A, budget), World({budget}).returns, RANDOM).cure == (budget,)
    assert search((A, budget), World({A, budget}).returns, RANDOM).cure == ()


def test_settings_that_do_not_help_together_are_acquitted():
    world = World()
    found = search((A, B, C), world.returns, RANDOM)
    assert world.asked == [(), (A,), (B,), (C,), (A, B, C)]
    assert (found.cure, set(found.gains.values())) == ((), {0.0})


def test_returns_that_are_no_numbers_are_no_cure_and_no_gain():
    found = search((A, B), lambda arm: [float("nan")] * 3 if arm else [30.0, 31.0, 29.0], RANDOM)
    assert (found.gains, found.cure) == ({}, ())


@settings(deadline=None)  # processors are shared
@given(st.sets(st.sampled_from([A, B, C, D])), st.permutations([A, B, C, D]))
def test_exactly_the_wrong_settings_are_the_cure(wrong, order):
    world = World(wrong) if wrong else World()
    found = search(order, world.returns, RANDOM)
    assert set(found.cure) == wrong
    assert {name for name, value in found.gains.items() if value > 0.1} == {one.signal for one in wrong}
    assert len(world.asked) <= 1 + 4 + 1 + 4


@settings(deadline=None)  # processors are shared
@given(st.sets(st.frozensets(st.sampled_from([A, B, C, D]), min_size=2), min_size=1))
def test_the_cure_needs_every_setting_in_it(ways):
    """With several ways out: one of them is found, and nothing beside it."""
    found = search((A, B, C, D), World(*ways).returns, RANDOM)
    smaller = (set(some) for n in range(len(found.cure)) for some in itertools.combinations(found.cure, n))
    assert any(way <= set(found.cure) for way in ways)
    assert not any(way <= some for some in smaller for way in ways)
