"""Sentences derive from evidence, caveat included."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import given, seen
from ppo_doctor.run import Series


def test_a_sentence_gives_count_share_relation_unit_steps_and_caveat() -> None:
    series = Series("approx_kl_mean", [10, 20, 30, 40], [0.1, 0.5, 0.7, 0.1], "train/approx_kl", "last epoch only")
    evidence = seen(series, 0.7, "largest", ">", 0.2, hits=series.value > 0.2)
    assert evidence.sentence() == (
        "approx_kl_mean: largest 0.7 nats > 0.2, 2 of 4 points (50%), steps 20 to 30 [last epoch only]"
    )


def test_one_step_is_named_once_and_pure_numbers_have_no_unit() -> None:
    series = Series("clip_frac", [10, 20], [0.1, 0.5])
    assert (
        seen(series, 0.5, "largest", hits=series.value > 0.2)
        .sentence()
        .endswith("largest 0.5, 1 of 2 points (50%), step 20")
    )


def test_scalars_have_no_steps() -> None:
    assert given("batch_size", 4096, ">", 2048).sentence() == "batch_size 4096 rows > 2048"


def test_nothing_hit_is_no_error() -> None:
    series = Series("clip_frac", [10], [0.1])
    assert seen(series, 0.1, "largest", hits=np.array([False])).steps is None
