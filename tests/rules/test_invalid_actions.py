import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.invalid_actions import invalid_actions
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("values", "masked", "expected"),
    [
        ([0.0] * 9, 1, "clean"),
        ([0.0] * 8 + [1e-4], 1, "fired"),
        ([0.05] * 9, 0, "clean"),
        ([0.051] * 9, 0, "fired"),
        ([0.9] * 6 + [0.0] * 3, 0, "clean"),
        ([0.0] * 9, None, "clean"),
        ([0.0] * 8 + [1e-4], None, "undecided"),
        ([0.2] * 9, None, "fired"),
    ],
)
def test_what_counts_depends_on_the_mask(values: list[float], masked: int | None, expected: str) -> None:
    scalars = {} if masked is None else {"masked": masked}
    assert judge(invalid_actions, synthetic("a", invalid_frac=values, **scalars)).status == expected


def test_evaluation_without_the_mask_is_found() -> None:
    run = synthetic("a", invalid_frac=[0.0] * 4, eval_invalid_frac=[0.0, 0.1], masked=1)
    (found,) = judge(invalid_actions, run).findings
    assert [one.signal for one in found.evidence] == ["eval_invalid_frac"]
