import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.static_outcomes import static_outcomes
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("entropy", "expected"), [(0.3, "clean"), (0.31, "fired"), (1.0, "fired")])
def test_boundaries(entropy: float, expected: str) -> None:
    run = synthetic("a", mean_ep_return=[-1.0] * 6, entropy_frac=[entropy] * 6)
    assert judge(static_outcomes, run).status == expected


def test_the_smallest_difference_is_a_difference() -> None:
    run = synthetic("a", mean_ep_return=[1.0] * 5 + [1.0 + 1e-12], entropy_frac=[1.0] * 6)
    assert judge(static_outcomes, run).status == "clean"


def test_raw_entropy_is_held_against_its_own_maximum() -> None:
    for n, expected in ((4, "fired"), (10_000, "clean")):
        run = synthetic("a", mean_ep_return=[1.0] * 6, entropy=[1.38] * 6, n_actions=n, masked=0)
        assert judge(static_outcomes, run).status == expected


def test_a_negative_differential_entropy_is_no_deterministic_policy() -> None:
    run = synthetic("a", mean_ep_return=[1.0] * 6, entropy=[-8.0] * 6)
    assert judge(static_outcomes, run).status == "fired"


def test_without_entropy_or_too_short_it_is_undecided() -> None:
    assert judge(static_outcomes, synthetic("a", mean_ep_return=[1.0] * 6)).status == "undecided"
    assert (
        judge(static_outcomes, synthetic("a", mean_ep_return=[1.0] * 4, entropy_frac=[1.0] * 4)).status == "undecided"
    )
