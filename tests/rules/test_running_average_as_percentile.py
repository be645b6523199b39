import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.log.running_average_as_percentile import running_average_as_percentile
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("factor", "expected"), [(1.0, "fired"), (1.0049, "fired"), (1.006, "clean"), (3.0, "clean")])
@pytest.mark.parametrize(
    "names", [("latency_mean", "latency_p95"), ("avg_wait", "max_wait"), ("wait/mean", "wait/p99")]
)
def test_boundaries(factor: float, expected: str, names: tuple[str, str]) -> None:
    metrics = {names[0]: [9.0] * 6, names[1]: [9.0 * factor] * 6}
    assert judge(running_average_as_percentile, synthetic("a", eval_metric=metrics)).status == expected


def test_zero_has_no_tail_and_too_few_points_are_undecided() -> None:
    zero = {"misses_mean": [0.0] * 6, "misses_max": [0.0] * 6}
    assert judge(running_average_as_percentile, synthetic("a", eval_metric=zero)).status == "clean"
    few = {"wait_mean": [1.0] * 4, "wait_p95": [1.0] * 4}
    assert judge(running_average_as_percentile, synthetic("a", eval_metric=few)).status == "undecided"
