"""The tables of `docs/speed.md` from the measurements."""

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median

import rows

SPOILT = 0.05
NAMES = {
    "ours": "ppo-doctor, all signals",
    "ours_silent": "ppo-doctor, signals off",
    "signals": "ppo-doctor, with and without signals in turns",
    "ours_train": "ppo-doctor, all signals, read by the host every update",
    "ours_x2": "ppo-doctor, two runs on two cores, sum",
    "spin_x2": "two loops in registers on two cores, sum",
    "pure_jax": "pure-JAX single file",
    "host": "ppo-doctor on Gymnasium's SyncVectorEnv",
    "sb3": "Stable-Baselines3, one thread",
}
RATIOS = (
    ("ppo-doctor / Stable-Baselines3", "ours", "sb3", (18, 25, 7, 12)),
    ("ppo-doctor / pure-JAX single file", "ours", "pure_jax", (1.3,) * 4),
    ("two runs on two cores / one run, taking turns", "ours_x2", "ours_x2", (1.9,) * 4),
    ("two loops in registers / one, taking turns: what the machine gives", "spin_x2", "spin_x2", ("",) * 4),
    ("the first of these two / the second: what of it is used", "ours_x2", "spin_x2", (0.95,) * 4),
    ("signals on / off, taking turns in one process", "signals", "signals", (0.96,) * 4),
    ("ppo-doctor on SyncVectorEnv / Stable-Baselines3", "host", "sb3", (3.5, 10, 2, 4.5)),
)
SINGLE = {
    "batch_jobs": ("masked PPO on `batch_jobs`, 64 visible jobs", 22_000),
    "env_batch_jobs": ("`batch_jobs` alone, 64 visible, at most 128 running jobs", 700_000),
    "env_cartpole": ("CartPole alone, 64 environments, random actions", 30_000_000),
}
CLOCKS = {
    "seconds": "Seconds are of wall time.",
    "cpu_seconds": "Seconds are of processor time, for other programs kept the cores busy.",
}
Results = list[dict]


def values(results: Results, name: str, config: str, key: str = "steps_per_second") -> dict[int, float]:
    """Measurements of a row by round."""
    return {r["round"]: r[key] for r in results if (r["name"], r["config"]) == (name, config)}


def paired(results: Results, above: str, below: str, config: str) -> list[float]:
    """The rounds' ratios; those of a row that compares inside its process are its own, and two such rows' compare."""
    if above == below:
        return list(values(results, above, config, "ratio").values())
    key = "ratio" if below.endswith("_x2") else "steps_per_second"
    a, b = values(results, above, config, key), values(results, below, config, key)
    return [a[i] / b[i] for i in sorted(a.keys() & b.keys())]


def table(head: list[str], body: list[list[str]]) -> str:
    """A Markdown table with aligned columns."""
    widths = [max(len(row[i]) for row in [head, *body]) for i in range(len(head))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *body]]
    lines.insert(1, " | ".join("-" * width for width in widths))
    return "\n".join(f"| {line} |" for line in lines)


def spread(x: list[float], form: str) -> str:
    """median [lowest .. highest]."""
    if len(x) == 1:
        return format(x[0], form)
    return f"{median(x):{form}} [{min(x):{form}} .. {max(x):{form}}]" if x else "-"


def rates(results: Results) -> str:
    """Thousand steps per second."""
    body = [
        [label, *(spread([x / 1e3 for x in values(results, name, c).values()], ".1f") for c in rows.SHAPES)]
        for name, label in NAMES.items()
        if any(r["name"] == name for r in results)
    ]
    return table(["thousand steps/s", *rows.SHAPES], body)


def ratios(results: Results) -> str:
    """Ratios of rows of the same round, with what they should reach at least."""
    body = []
    for label, above, below, bars in RATIOS:
        cells = [paired(results, above, below, c) for c in rows.SHAPES]
        if any(cells):
            pairs = zip(cells, bars, strict=True)
            body.append([label, *(f"{spread(x, '.2f')}{bar and f' (>= {bar:g})'}" if x else "-" for x, bar in pairs)])
    return table(["ratio (aim)", *rows.SHAPES], body)


def singles(results: Results) -> str:
    """The other rows."""
    body = []
    for name, (label, bar) in SINGLE.items():
        if x := list(values(results, name, "-").values()):
            body.append([label, spread([v / 1e3 for v in x], ",.1f"), f"{bar / 1e3:,.0f}"])
    return table(["thousand steps/s on one core", "median [lowest .. highest]", "aim"], body)


def costs(results: Results) -> str:
    """Warm-up of the first round (nothing cached) and of the later ones, and peak memory."""
    body = []
    for name, label in {**NAMES, **{k: v[0] for k, v in SINGLE.items()}}.items():
        mine = [r for r in results if r["name"] == name]
        cold = [r["compile_s"] for r in mine if r["round"] == 0]
        warm = [r["compile_s"] for r in mine if r["round"] > 0]
        memory = [r["rss_mb"] for r in mine]
        if cold:
            body.append([label, spread(cold, ".1f"), spread(warm, ".1f") if warm else "-", f"{max(memory):.0f}"])
    return table(["row", "cold [s]", "from the compile cache [s]", "peak MB"], body)


def machine() -> str:
    """Processor, cores, versions."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    packages = ("jax", "equinox", "optax", "torch", "stable-baselines3", "gymnasium", "numpy")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"{model}, {os.cpu_count()} cores; Python {platform.python_version()}, {versions}."


def quality(results: Results) -> str:
    """How much of the measurements was disturbed by other programs."""
    lost = [1 - r["cpu_seconds"] / r["seconds"] for r in results]
    spoilt = sum(x > SPOILT for x in lost)
    return (
        f"{len(results)} measurements; in {spoilt} of them other programs took more than {SPOILT:.0%} of the core"
        f" (worst {max(lost):.0%})."
    )


def accelerated(gpu: dict | None) -> str:
    """The accelerator's line."""
    if gpu is None:
        return "No accelerator was present in this run."
    return (
        f"{gpu['device']}: {gpu['seeds']} seeds vmapped x 64 environments of configuration C, all signals:"
        f" {gpu['steps_per_second'] / 1e6:.1f} million steps/s (aim: 70 on an H200), warm-up {gpu['compile_s']:.0f} s."
    )


def page(results: Results, clock: str, gpu: dict | None, seconds: float, again: Sequence[str] = ()) -> str:
    """The whole page. again: rows that were measured once more, after the others."""
    later = f"\nMeasured again after the others: {', '.join(NAMES[name] for name in again)}." if again else ""
    shapes = ", ".join(
        f"{c}: {s.n_envs} x {s.n_steps}, {s.n_epochs} epochs x {s.n_minibatches}" for c, s in rows.SHAPES.items()
    )
    return f"""# Speed

Made by `make bench` in {seconds / 60:.0f} minutes: rounds of interleaved rows, every measurement a process of its own,
pinned to one core, with one thread (torch too), compilation excluded. Cells are medians [lowest .. highest] of
{len({r["round"] for r in results})} rounds; ratios are taken within a round. {CLOCKS[clock]}{later}

{machine()}
{quality(results)}

CartPole-v1, separate 64-64 tanh actor and critic, gamma .99, lambda .95, clip .2, entropy .01, learning rate 2.5e-4;
environments x steps, epochs x minibatches: {shapes}.

{rates(results)}

{ratios(results)}

Two cores of a shared machine are less than twice one: other tenants, power and caches take their part. The loop in
registers, which shares nothing, shows how much less on this one while it is measured.

The pure-JAX file (`benchmarks/pure_jax_ppo.py`, written for this page in the style of the public ones) compiles the
whole run into one program, treats time limits as ends and computes no diagnostics; ppo-doctor bootstraps truncated
episodes exactly and, but for the row that says so, computes every signal.

{singles(results)}

Warm-up (compilation and first update) and peak memory:

{costs(results)}

{accelerated(gpu)}
"""
