from __future__ import annotations

import pytest

from ppo_doctor.diagnose import privacy
from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.privacy_overspent import privacy_overspent
from ppo_doctor.run import Run, synthetic


def run(claimed: float, noise: float = 4.84, releases: float = 200, delta: float = 1e-5) -> Run:
    return synthetic(
        "a",
        privacy_epsilon_claimed=claimed,
        privacy_noise_multiplier=noise,
        privacy_releases=releases,
        privacy_delta=delta,
    )


def test_the_promise_may_be_the_spend_within_the_slack() -> None:
    spent = privacy.spent(4.84, 200, 1e-5)
    for share, status in ((1.1, "clean"), (1.0, "clean"), (0.995, "clean"), (0.98, "fired"), (0.1, "fired")):
        assert judge(privacy_overspent, run(share * spent)).status == status


@pytest.mark.parametrize(
    ("noise", "releases", "delta"), [(-1.0, 1, 1e-5), (1.0, -1, 1e-5), (1.0, 1, 0.0), (1.0, 1, 1.0)]
)
def test_settings_that_are_none_are_not_judged(noise: float, releases: float, delta: float) -> None:
    assert judge(privacy_overspent, run(1.0, noise, releases, delta)).status == "undecided"


def test_no_noise_keeps_no_promise() -> None:
    assert judge(privacy_overspent, run(1e6, noise=0.0)).status == "fired"
