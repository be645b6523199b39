import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.learning_rate_low import learning_rate_low
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        (
            {
                "learning_rate": [4.9e-5] * 12,
                "approx_kl_mean": [9e-5] * 12,
                "eval_sampled_mean_return": [21.0, 20.0, 22.0, 21.0] * 3,
            },
            "fired",
        ),
        (
            {
                "learning_rate": [5e-5] * 12,
                "approx_kl_mean": [9e-5] * 12,
                "eval_sampled_mean_return": [21.0, 20.0, 22.0, 21.0] * 3,
            },
            "clean",
        ),
        (
            {
                "learning_rate": [4.9e-5] * 12,
                "approx_kl_mean": [1e-4] * 12,
                "eval_sampled_mean_return": [21.0, 20.0, 22.0, 21.0] * 3,
            },
            "clean",
        ),
        (
            {
                "learning_rate": [4.9e-5] * 7,
                "approx_kl_mean": [9e-5] * 7,
                "eval_sampled_mean_return": [21.0, 20.0, 22.0, 21.0] * 3,
            },
            "undecided",
        ),
        (
            {
                "learning_rate": [4.9e-5] * 12,
                "approx_kl_last": [9e-5] * 12,
                "mean_ep_return": [21.0, 20.0, 22.0, 21.0] * 3,
            },
            "fired",
        ),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(learning_rate_low, synthetic("a", **signals)).status == expected
