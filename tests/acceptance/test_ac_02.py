"""AC-02: "epsilon = 1" holds for one observation; the doctor refuses it and prints what all releases spend."""

from __future__ import annotations

import pytest

from ppo_doctor.diagnose import privacy
from ppo_doctor.diagnose.differential import examine
from ppo_doctor.diagnose.finding import Finding
from ppo_doctor.report import text
from ppo_doctor.run import synthetic

STEPS, EPISODES, NOISE, DELTA = 200, 50, 4.84, 1e-5


def the_case(releases: int, claimed: float = 1.0) -> tuple[list[Finding], str]:
    report = examine(
        synthetic(
            "multi cloud",
            privacy_epsilon_claimed=claimed,
            privacy_noise_multiplier=NOISE,
            privacy_releases=releases,
            privacy_delta=DELTA,
        )
    )
    return [found for found in report.findings if found.rule == "privacy-overspent"], text.render(report)


@pytest.mark.parametrize(
    ("releases", "budget"),
    [(STEPS, 16), (2 * STEPS, 25), (STEPS * EPISODES, 300)],
    ids=["one episode", "next states too", "the training"],
)
def test_the_promise_is_refused_with_the_composed_budget(releases: int, budget: float) -> None:
    (found,), page = the_case(releases)
    assert found.severity == "critical"
    limit = found.evidence[0].limit
    assert limit == pytest.approx(budget, rel=0.03)
    assert f"privacy_epsilon_claimed 1 < {limit:.4g}" in page


def test_the_promise_holds_for_a_single_observation() -> None:
    assert the_case(1)[0] == []


def test_an_honest_promise_is_accepted() -> None:
    assert the_case(STEPS * EPISODES, claimed=301.0)[0] == []


def test_noise_that_keeps_the_promise_drowns_the_observation() -> None:
    """A sensitivity of 0.1 and uniform features in [0, 1]: the noise is a hundred times their own spread."""
    noise = NOISE
    while privacy.spent(noise, STEPS * EPISODES, DELTA) > 1.0:
        noise *= 1.1
    ratio = 0.1 * noise / 12**-0.5
    run = synthetic("fitted to the budget", obs_noise_ratio=ratio)
    assert ratio > 100
    assert "observation-noise-large" in {found.rule for found in examine(run).findings}
