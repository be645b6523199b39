"""`ppo-doctor demo`."""

from __future__ import annotations

from pathlib import Path

SYSTEM = "batch_jobs"


def command(*, runs: Path = Path("runs")) -> int:
    """Train PPO to schedule the jobs of a real cluster trace, compare it with every baseline, examine the runs.

    Takes about five minutes on two cores.

    For example:
      ppo-doctor demo

    Args:
        runs: Folder of runs.
    """
    from ppo_doctor import launch, store, tables
    from ppo_doctor import runs as runs_
    from ppo_doctor.commands.train import finish
    from ppo_doctor.diagnose.engine import diagnose
    from ppo_doctor.report import text

    module = launch.system(SYSTEM)
    words = [f"env.{name}={value}" for name, value in getattr(module, "DEMO_PARAMS", {}).items()]
    config = "demo" if "demo" in module.CONFIGS else "default"
    plan = launch.plan(SYSTEM, getattr(module, "DEMO_SEEDS", (0, 1)), words, config)
    path = runs_.reserve("demo", runs, None)
    print(f"training {SYSTEM} {' '.join(words)} with seeds {', '.join(map(str, plan.seeds))} into {path}")
    try:
        ending = launch.train(plan.jobs(path))
    finally:
        launch.discard_empty(path)
    if ending.interrupted or ending.failures:
        return finish(path, ending, json=False)
    tables.show_evaluation(tables.evaluated(path, getattr(module, "DEMO_EPISODES", 200), "best"))
    print()
    for member in runs_.members(path):
        print(f"{member.name}: {text.summary(diagnose(store.load(member)))}")
    print(f"\nnext: ppo-doctor diagnose {path}   ppo-doctor train {SYSTEM}")
    return 0
