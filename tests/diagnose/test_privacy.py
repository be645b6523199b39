from __future__ import annotations

import math

import pytest
from scipy.stats import norm

from ppo_doctor.diagnose.privacy import spent


@pytest.mark.parametrize(("releases", "epsilon"), [(1, 0.75), (200, 16.1), (400, 25.5), (10_000, 300.7)])
def test_the_budget_equals_that_of_a_numerical_accountant(releases: int, epsilon: float) -> None:
    """Noise multiplier 4.84, delta 1e-5: figures of dp-accounting's privacy-loss distributions."""
    assert spent(4.84, releases, 1e-5) == pytest.approx(epsilon, rel=0.01)


@pytest.mark.parametrize("sigma", [0.5, 1.0, 3.73, 20.0])
@pytest.mark.parametrize("delta", [1e-9, 1e-5, 0.01])
def test_the_epsilon_solves_the_equation_of_the_analytic_gaussian_mechanism(sigma: float, delta: float) -> None:
    epsilon, mu = spent(sigma, 1, delta), 1 / sigma
    found = norm.cdf(mu / 2 - epsilon / mu) - math.exp(epsilon) * norm.cdf(-mu / 2 - epsilon / mu)
    assert found == pytest.approx(delta, rel=1e-6)


def test_the_classical_bound_is_looser() -> None:
    """sqrt(2 log(1.25 / delta)) / epsilon, proved for epsilon below one (Dwork & Roth 2014, theorem A.1)."""
    delta = 1e-5
    for epsilon in (0.2, 0.5, 1.0):
        assert spent(math.sqrt(2 * math.log(1.25 / delta)) / epsilon, 1, delta) < epsilon


def test_four_releases_cost_what_one_with_half_the_noise_does() -> None:
    assert spent(4.0, 4, 1e-5) == pytest.approx(spent(2.0, 1, 1e-5), rel=1e-9)


def test_the_ends_of_the_scale() -> None:
    assert spent(1.0, 0, 1e-5) == 0.0
    assert spent(0.0, 1, 1e-5) == math.inf
    assert spent(1e9, 1, 1e-5) == 0.0
    assert spent(0.01, 1000, 1e-5) > 1e6
    with pytest.raises(ValueError, match="delta 2"):
        spent(1.0, 1, 2.0)
