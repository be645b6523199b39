"""`ppo-doctor demo`."""

from __future__ import annotations

from pathlib import Path

SYSTEM = "batch_jobs"
SEEDS = (0, 1)
EPISODES = 200


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

    plan = launch.plan(SYSTEM, SEEDS, config="demo")
    path = runs_.reserve("demo", runs, None)
    words = " ".join(f"env.{name}={value}" for name, value in plan.params.items())
    print(f"training {SYSTEM} {words} with seeds {', '.join(map(str, plan.seeds))} into {path}")
    try:
        ending = launch.train(plan.jobs(path))
    finally:
        launch.discard_empty(path)
    if ending.interrupted or ending.failures:
        return finish(path, ending, json=False)
    tables.show_evaluation(tables.evaluated(path, EPISODES, "best"))
    print()
    for member in runs_.members(path):
        print(f"{member.name}: {text.summary(diagnose(store.load(member)))}")
    print(f"\nnext: ppo-doctor diagnose {path}   ppo-doctor train {SYSTEM}")
    return 0
