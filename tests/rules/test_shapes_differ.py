import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.shapes_differ import shapes_differ
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("value", "expected"), [(0.0, "clean"), (1.0, "fired"), (float("nan"), "undecided")])
def test_boundaries(value: float, expected: str) -> None:
    assert judge(shapes_differ, synthetic("a", shape_mismatch=value)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(shapes_differ, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "shape_mismatch" in outcome.reason
