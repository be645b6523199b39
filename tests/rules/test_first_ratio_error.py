import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.first_ratio_error import first_ratio_error
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ([0.0], "clean"),
        ([1e-3], "clean"),
        ([1.001e-3], "fired"),
        ([1e-7] * 99 + [0.5], "fired"),
        ([1e-7, 1e-5], "clean"),
    ],
)
def test_boundaries(values: list[float], status: str) -> None:
    assert judge(first_ratio_error, synthetic("a", first_ratio_error=values)).status == status


def test_evidence_counts_the_updates_concerned() -> None:
    (found,) = judge(first_ratio_error, synthetic("a", first_ratio_error=[0.0, 0.2, 0.1, 0.0])).findings
    assert (found.evidence[0].n, found.evidence[0].total, found.evidence[0].steps) == (2, 4, (2000, 3000))
    assert found.severity == "critical"
