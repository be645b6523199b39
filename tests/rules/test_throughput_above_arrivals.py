import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.log.throughput_above_arrivals import throughput_above_arrivals
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("done", "expected"), [(3.05, "clean"), (3.07, "fired"), (1.0, "clean")])
def test_boundaries(done: float, expected: str) -> None:
    run = synthetic("a", eval_metric={"throughput": [done] * 6, "arrival_rate": [3.0] * 6})
    assert judge(throughput_above_arrivals, run).status == expected


def test_without_both_it_is_undecided() -> None:
    assert judge(throughput_above_arrivals, synthetic("a", eval_metric={"throughput": [3.0] * 6})).status == "undecided"
