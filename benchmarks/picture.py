"""The picture of the README: `python benchmarks/picture.py runs/demo docs/demo.png`.

Left: the validation score of every seed while it trains. Right: PPO, baselines and bound on the report seeds.
"""

import argparse
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from ppo_doctor import jsonl, runs, store


def learning(axes, members: list[Path], metric: str) -> None:
    """Validation score over environment steps, a line a seed."""
    for path in members:
        series = store.load(path).signals[f"eval_metric/{metric}"]
        axes.plot(series.step, series.value, marker="o", markersize=3, label=path.name)
    axes.set(xlabel="environment steps", ylabel=f"{metric} (validation)", title="while training")
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False)


def standing(axes, found: dict) -> None:
    """Means with 95 % intervals on the report seeds; a seed's row is left out beside the pooled one."""
    rows = [row for row in reversed(found["rows"]) if row["kind"] != "seed"]
    means = [row["mean"]["mean"] for row in rows]
    spans = [
        [row["mean"]["mean"] - row["mean"]["low"] for row in rows],
        [row["mean"]["high"] - row["mean"]["mean"] for row in rows],
    ]
    colours = [{"ppo": "tab:red", "bound": "tab:gray"}.get(row["kind"], "tab:blue") for row in rows]
    axes.barh([row["name"] for row in rows], means, xerr=spans, color=colours, height=0.7)
    axes.set(xlabel=f"{found['metric']} on {found['episodes']} report episodes (95 %)", title="in the end")


def main() -> None:
    """Read a run with evaluation.json, write the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("picture", type=Path)
    options = parser.parse_args()
    found = jsonl.read_json(options.run / "evaluation.json")
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
    learning(left, runs.members(options.run), found["metric"])
    standing(right, found)
    figure.savefig(options.picture, dpi=110)


if __name__ == "__main__":
    main()
