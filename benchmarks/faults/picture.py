"""The pictures of `docs/accuracy.md`."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from benchmarks.faults.report import Scored, confusion, reliability


def draw(scored: Scored, folder: Path) -> None:
    """Confusion matrix (rows add to 1) and reliability diagram of held-out runs."""
    truths, said, counts = confusion(scored)
    if not truths:
        return
    shares = counts / counts.sum(axis=1, keepdims=True)
    figure, axes = plt.subplots(figsize=(2 + 0.17 * len(said), 2 + 0.17 * len(truths)))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="equal")
    axes.set_xticks(range(len(said)), said, rotation=90, fontsize=5)
    axes.set_yticks(range(len(truths)), [f"{n} ({c.sum()})" for n, c in zip(truths, counts, strict=True)], fontsize=5)
    axes.set(xlabel="said first", ylabel="true cause (runs)")
    figure.savefig(folder / "accuracy-confusion.png", dpi=130, bbox_inches="tight")
    figure, axes = plt.subplots(figsize=(4, 4))
    rows = reliability(scored)
    axes.plot([0, 1], [0, 1], color="tab:gray", linewidth=0.8)
    axes.plot([row[0] for row in rows], [row[1] for row in rows], marker="o")
    for mean, right, n in rows:
        axes.annotate(str(n), (mean, right), fontsize=7, xytext=(4, -8), textcoords="offset points")
    axes.set(
        xlabel="probability of the first cause", ylabel="share of runs in which it is right", xlim=(0, 1), ylim=(0, 1)
    )
    figure.savefig(folder / "accuracy-reliability.png", dpi=110, bbox_inches="tight")
    plt.close("all")
