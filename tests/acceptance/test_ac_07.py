"""AC-07: a "tail" that is a running average, and a throughput that exceeds what arrives."""

from __future__ import annotations

import numpy as np
import pytest

from ppo_doctor.diagnose.differential import examine
from ppo_doctor.run import Run, synthetic


def balancer(**metrics: list[float]) -> Run:
    rng = np.random.default_rng(0)
    return synthetic("four replicas", eval_mean_return=rng.normal(-0.25, 0.1, 12).tolist(), eval_metric=metrics)


def fired(run: Run) -> set[str]:
    return {found.rule for found in examine(run).findings}


LATENCY = np.random.default_rng(1).exponential(9.4, (12, 588))
RUNNING = np.cumsum(LATENCY.reshape(-1)) / np.arange(1, LATENCY.size + 1)
"""The cumulative mean, one value per request, as the study's code feeds it to its tail monitor."""


def latency(of: np.ndarray) -> dict[str, list[float]]:
    """Mean, 95th percentile and maximum of the second half of each of twelve windows."""
    late = of.reshape(12, -1)[:, 294:]
    return {
        "latency_mean": late.mean(1).tolist(),
        "latency_p95": np.quantile(late, 0.95, axis=1).tolist(),
        "latency_max": late.max(1).tolist(),
    }


def test_a_percentile_of_a_running_average_is_called_that() -> None:
    logged = {name: [value] * 12 for name, value in (("mean", 9.415), ("p95", 9.42), ("max", 9.425))}
    run = balancer(**{f"latency_{name}": values for name, values in logged.items()})
    (found,) = [one for one in examine(run).findings if one.rule == "running-average-as-percentile"]
    assert {one.signal for one in found.evidence} >= {"eval_metric/latency_mean", "eval_metric/latency_p95"}


@pytest.mark.parametrize(("seen", "averaged"), [(LATENCY.reshape(-1), False), (RUNNING, True)])
def test_only_the_averaged_latencies_of_the_same_requests_are_flagged(seen: np.ndarray, averaged: bool) -> None:
    late = {name: values[4:] for name, values in latency(seen).items()}  # the average needs some requests to settle
    assert ("running-average-as-percentile" in fired(balancer(**late))) == averaged


def test_more_leaving_than_arriving_is_flagged() -> None:
    assert "throughput-above-arrivals" in fired(balancer(throughput=[3.15] * 12, arrival_rate=[3.0] * 12))
    assert "throughput-above-arrivals" not in fired(balancer(throughput=[2.99] * 12, arrival_rate=[3.0] * 12))
