"""Our own signals by their own names: `ppo-doctor export`, and any log that uses the vocabulary."""

from __future__ import annotations

import re

from ppo_doctor.adapters.format import Format, To
from ppo_doctor.signals import SIGNALS

FORMAT = Format(
    name="own",
    title="ppo-doctor's own names (exported CSV and TensorBoard; run directories are read whole)",
    marks=("mean_ep_return", "eval_mean_return", "approx_kl_mean", "approx_kl_last", "approx_kl_max", "clip_frac"),
    steps=("step", "env_steps"),
    columns={re.sub(r"<\w+>", "*", name): To(name) for name, one in SIGNALS.items() if one.kind == "series"},
    ignored=("update",),
    settings={name: name for name, one in SIGNALS.items() if one.kind != "series"},
    about="Nothing is translated. A run directory also brings its settings, references and probe results.",
)
