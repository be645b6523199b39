"""`ppo-doctor faults`."""

from __future__ import annotations

from typing import Any

from ppo_doctor.listing import Listing

PAGE = """# Faults

Every bug that can be put into a healthy learner, its environment, its configuration or its evaluation, from outside and
at a chosen strength (`ppo_doctor.train.fault`). Each is a file of `src/ppo_doctor/train/faults/`, whose page says where
the bug was seen. A fault without a cause is a harmless mutant: a doctor that names a cause for it raises a false alarm.
This page is made by `ppo-doctor faults --markdown`.

```python
from ppo_doctor.train import envs, fault, ppo

env = envs.make("cartpole")
config = envs.module("cartpole").CONFIGS["default"]
env, config, parts = fault.inject(fault.find("loss_sign_wrong"), env, config)
for learner, signals in ppo.train(config, env, seed=0, parts=parts):
    ...
```

`parts` (`ppo.Parts`) are the functions a learner is made of; `ppo_doctor.train.audit` recomputes what they should give.
Faults of the evaluation act where somebody evaluates: `parts.evaluated(agent)` is the agent that is played,
`parts.report(rows)` the row that is written down, `fault.validation` replaces the held-out environment and
`fault.baselines` the policies that are compared with.

Not expressed, because our trainer has no such part: `recurrent-state-reset` (no recurrent network), log-probabilities
that are not summed over action parts before the clip, a trunk that the optimiser holds twice (actor and critic share
nothing), padding steps in means, an advantage whose gradient reaches the critic, acting weights that lag behind.
`policy-drift` and `noop-collapse` are courses of a run rather than bugs: faults of the reward lead to them.
"""


def command(*, json: bool = False, markdown: bool = False) -> None:
    """List the faults that can be injected: cause, place, strengths, what is wrong.

    For example:
      ppo-doctor faults
      ppo-doctor faults --json
      ppo-doctor faults --markdown > docs/faults.md

    Args:
        json: Print a JSON list.
        markdown: Print the page of the documentation.
    """
    from ppo_doctor.train import fault

    found = [about(name, fault.find(name)) for name in fault.names()]
    titles = ("fault", "cause", "kind", "what is wrong")
    rows = [(one["name"], one["cause"] or "harmless", one["kind"], one["what"]) for one in found]
    ending = f"{len(found)} faults; docs/faults.md shows how to inject one"
    print(Listing(found, lambda: _markdown(found), titles, rows, ending).text(json, markdown))


def about(name: str, fault: Any) -> dict[str, Any]:
    """A fault in plain words and numbers."""
    fields = {"cause": fault.cause or None, "kind": fault.kind, "strengths": list(fault.strengths), "what": fault.what}
    return {"name": name, **fields}


def _markdown(found: list[dict[str, Any]]) -> str:
    lines = [PAGE]
    for kind in ("env", "learner", "config", "evaluation"):
        for harmless in (False, True):
            members = [one for one in found if one["kind"] == kind and (one["cause"] is None) == harmless]
            if members:
                lines += [f"## {'Harmless mutants' if harmless else 'Faults'} of kind {kind}\n", *_rows(members), ""]
    return "\n".join(lines)


def _rows(members: list[dict[str, Any]]) -> list[str]:
    head = ["| name | cause | strengths | what is wrong |", "|---|---|---|---|"]
    return head + [
        f"| `{one['name']}` | {one['cause'] or '-'} | {_strengths(one)} | {one['what']} |" for one in members
    ]


def _strengths(one: dict[str, Any]) -> str:
    return ", ".join(f"{x:g}" for x in one["strengths"])
