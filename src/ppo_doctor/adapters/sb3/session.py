"""One training as it is recorded: a row of signals an update, and the worst that the invariants have shown."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import torch
from gymnasium import spaces

from ppo_doctor import store
from ppo_doctor.adapters.sb3 import buffer, ends, policy, setup, update
from ppo_doctor.adapters.sb3.buffer import Signals
from ppo_doctor.adapters.sb3.evaluation import Evaluations
from ppo_doctor.adapters.sb3.guard import Allowance, Guard
from ppo_doctor.adapters.sb3.trace import Episodes, Trace
from ppo_doctor.store import Writer


class Session:
    """Between `learn` and its end. `begin_rollout`, `step` and `end_rollout` follow SB3's own events."""

    def __init__(self, model: Any, writer: Writer, guard: Guard, top: Any, share: float) -> None:
        """`top`: the callback given to `learn`; `share` of the time for checks of the buffer, and again for passes."""
        self.model, self.writer, self._guard = model, writer, guard
        self._trace = Trace(
            model.n_steps, model.n_envs, guard.run("read original rewards", setup.original_reward, model)
        )
        self._episodes = Episodes(model.n_envs)
        self._monitored = False
        self._watched: list[ends.Watched] = guard.run("watch for resets", ends.watch, model.get_env()) or []
        self._evaluations = Evaluations(top, model.get_vec_normalize_env())
        self._parameters = update.Parameters(model.policy, model.policy.optimizer)
        self._checks, self._passes = Allowance(share), Allowance(share)
        self._worst: Signals = {}
        self._told: Signals = {}
        self._row: Signals | None = None
        self._rows: policy.Batch | None = None
        self._probabilities: list[torch.Tensor] | None = None
        self._updates = 0
        self.rollouts, self.rows = 0, 0
        """Rollouts that were filled, and those of which a row was written."""
        self.fresh = False
        """Whether a row was written that no diagnosis has seen."""
        self._clock = (time.perf_counter(), model.num_timesteps)

    def begin_rollout(self) -> None:
        """The update before, if there was one, is over: write its row."""
        self.flush()
        for one in self._watched:
            one.stirred = False
        self._trace.begin(self.model._last_obs)

    def step(self, seen: dict[str, Any]) -> None:
        """Every environment went one step; `seen`: the local variables of SB3's `collect_rollouts`."""
        self._trace.step(seen)
        for i, one in enumerate(self._watched):
            if one.stirred:
                one.stirred = False
                if not seen["dones"][i]:
                    self._trace.lose(i)
        if self._evaluations.any:
            self._evaluations.step()

    def end_rollout(self) -> None:
        """The buffer is full and no gradient step was taken: check it, if the time allows."""
        self.rollouts += 1
        self._updates = self.model.num_timesteps // (self.model.n_steps * self.model.n_envs)
        if self._trace.t < self.model.n_steps or not self._checks.may():
            return
        begin = time.perf_counter()
        row: Signals = {"env_steps": self.model.num_timesteps, "updates": self._updates}
        self._row = row
        for part in (self._happened, self._stored, self._scaled):
            row |= self._guard.run(f"do {part.__name__.strip('_')}", part) or {}
        self._guard.run("remember the parameters", self._parameters.remember)
        self._counts = (update.gradient_steps(self.model.policy.optimizer) or 0, self.model._n_updates)
        self._step = self.model.num_timesteps
        self._checks.pay(time.perf_counter() - begin)
        self._rows = None
        if self._passes.may() and not hasattr(self.model.policy, "lstm_actor"):
            begin = time.perf_counter()
            row |= self._guard.run("look through the policy", self._look) or {}
            self._passes.pay(time.perf_counter() - begin)

    def flush(self, whole: bool = True) -> None:
        """Finish the row of the last update and write it; not `whole`: the update broke off, its log is of the last."""
        if self._row is None:
            return
        row, self._row = self._row, None
        begin = time.perf_counter()
        for part in (self._learnt,) * whole + (self._parameters.moved, self._evaluations.take):
            row |= self._guard.run(f"read {part.__name__.strip('_')}", part) or {}
        if self._rows is not None and whole:
            row |= self._guard.run("look at the new policy", self._look_again) or {}
        row["nonfinite_count"] = sum(value for name, value in row.items() if name.startswith("nonfinite/"))
        self.writer.append(self._step, self._updates, row)
        self.rows += 1
        self.fresh = True
        self._checks.pay(time.perf_counter() - begin)

    def write_invariants(self) -> None:
        """Record the worst that the invariants have shown, if it is news."""
        missing = self._parameters.missing()
        found = self._worst | ({} if missing is None else {"optimiser_missing_frac": missing})
        if self._evaluations.gap is not None:
            found["normaliser_gap"] = self._evaluations.gap
        if found and found != self._told:
            store.append_probe(self.writer.path, "sb3_live_buffer", found)
            self._told = found

    def close(self) -> None:
        """Leave the user's environments as they were."""
        self._guard.run("leave the environments", ends.unwatch, self.model.get_env())

    def _happened(self) -> Signals:
        """Episodes, rewards and the critic's fit."""
        trace, rollout = self._trace, self.model.rollout_buffer
        own = self._episodes.finished(trace.paid, trace.dones)
        self._monitored = self._monitored or bool(trace.finished)
        seen = buffer.episodes(trace, trace.finished if self._monitored else own)
        seen |= buffer.critic(rollout.values, rollout.returns, rollout.advantages)
        return seen | buffer.nonfinite(rollout)

    def _stored(self) -> Signals:
        """Invariants of what the buffer holds, against what went in; the worst of each is kept, none is in the row."""
        model = self.model
        with torch.no_grad():
            last = model.policy.predict_values(model.policy.obs_to_tensor(model._last_obs)[0])
        for name, value in buffer.invariants(model, self._trace, last.cpu().numpy().flatten()).items():
            self._keep(name, value)
        return {}

    def _scaled(self) -> Signals:
        """Bounds that samples and rewards run into; scales of a first rollout's observations."""
        model, rollout, normalise = self.model, self.model.rollout_buffer, self.model.get_vec_normalize_env()
        if isinstance(model.action_space, spaces.Box) and not model.policy.squash_output:
            self._keep("action_at_bound_frac", buffer.action_at_bound_frac(rollout.actions, model.action_space))
        if normalise is not None and normalise.norm_reward:
            self._keep("reward_clipped_frac", float((np.abs(self._trace.rewards) >= normalise.clip_reward).mean()))
        flat = isinstance(model.observation_space, spaces.Box) and len(model.observation_space.shape) == 1
        if flat and normalise is None and "obs_constant_frac" not in self._worst:
            self._worst |= buffer.observation_scale(rollout.observations)
        return {}

    def _keep(self, name: str, value: float) -> None:
        if not np.isnan(value):  # the count of non-finite entries tells that
            self._worst[name] = max(value, self._worst.get(name, 0.0))

    def _look(self) -> Signals:
        """Passes over the network before the first gradient step."""
        model = self.model
        rows = policy.batch(model)
        found = policy.errors(model.policy, rows)
        self._keep("log_prob_error", found.pop("log_prob_error"))
        found |= policy.gradients(model, rows)
        with torch.no_grad():
            self._probabilities = policy.heads(model.policy, rows)
            if self._probabilities is not None:
                found |= policy.choices(self._probabilities, rows)
        self._rows = rows
        return found

    def _look_again(self) -> Signals:
        """Passes over the network after the last gradient step, on the same rows."""
        rows, before = self._rows, self._probabilities
        assert rows is not None
        self.model.policy.set_training_mode(False)  # as SB3 does before it collects
        found = policy.hidden(self.model.policy, rows)
        if before is not None:
            with torch.no_grad():
                after = policy.heads(self.model.policy, rows)
                assert after is not None
                found |= policy.answers(before, after, rows)
        return found

    def _learnt(self) -> Signals:
        """SB3's log of the update, and how far it got."""
        model, optimiser = self.model, self.model.policy.optimizer
        remembered = update.gradient_steps(optimiser)
        taken = remembered or 0
        full = model.n_epochs * -(-model.n_steps * model.n_envs // model.batch_size)
        now = (time.perf_counter(), model.num_timesteps)
        speed = (now[1] - self._clock[1]) / (now[0] - self._clock[0])
        self._clock = now
        found = update.logged(model) | {
            "gradient_steps": taken,
            "epochs_run": model._n_updates - self._counts[1],
            "early_stopped": float(model.target_kl is not None and taken - self._counts[0] < full),
            "steps_per_second": speed,
        }
        return found if remembered is None else found | {"optimiser_steps": remembered}
