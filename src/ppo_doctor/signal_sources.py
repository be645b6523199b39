"""Which probe or live check measures the signals of the last two groups of the vocabulary."""

from __future__ import annotations

from typing import Any

MEASURED_BY = {
    "probe action_audit": ("action_at_bound_frac", "action_tied_frac"),
    "probe action_influence": ("action_influence_state", "action_influence_reward", "action_influence_return"),
    "probe constant_actions": (
        "constant_action_return",
        "better_elsewhere_frac",
        "break_even_posterior",
        "posterior_reached",
    ),
    "probe credit_delay": ("credit_delay",),
    "probe determinism": ("determinism",),
    "probe episode_ends": ("timeout_share", "segment_length", "overrun_frac"),
    "probe ev_ceiling": ("ev_ceiling",),
    "probe growth": ("obs_growth", "obs_growth_rate"),
    "probe headroom": ("headroom", "headroom_low", "headroom_high", "reward_reached"),
    "probe mask_consistency": ("mask_mismatch_frac", "mask_stale_frac", "mask_shifted_frac"),
    "probe observability": (
        "observation_predicts_action",
        "observation_predicts_return",
        "observation_predicts_reward",
    ),
    "probe observation_audit": (
        "obs_constant_frac",
        "obs_scale_spread",
        "obs_noise_ratio",
        "obs_noise_std",
        "obs_noise_declared",
        "obs_stale_frac",
    ),
    "probe random_weight_guessing": ("random_weights_gain", "random_weights_spread"),
    "probe reference": (
        "reference_gain",
        "reference_gain_low",
        "reference_gain_high",
        "reference_lead",
        "reference_lead_low",
        "reference_lead_high",
    ),
    "probe reward_audit": ("reward_clipped_frac", "reward_tail"),
    "probe reward_occurrence": ("reward_occurrence",),
    "probe reward_terms": ("reward_terms_dead", "reward_term_share_max"),
    "probe state_dynamics": ("state_changes",),
    "probe workload_variation": ("workload_varies",),
    "live check stored_ends": ("done_mismatch",),
    "live check entropy_sign": ("entropy_step",),
    "live check gae_recompute": (
        "transition_gap_frac",
        "gae_error",
        "gae_wrong_inside",
        "gae_wrong_at_ends",
        "gae_wrong_at_last",
        "discount_in_use",
        "advantage_permuted",
        "advantage_cleared_frac",
        "reward_misaligned_frac",
    ),
    "live check logprob_recompute": ("log_prob_error", "forward_noise"),
    "live check normaliser_sync": ("normaliser_gap", "normaliser_error", "normaliser_still"),
    "live check observations_aliased": ("obs_aliased_frac",),
    "live check optimiser_audit": ("optimiser_missing_frac", "gradient_missing_frac"),
    "live check shapes": ("shape_mismatch",),
    "live check stored_actions": ("stored_action_error", "stored_action_tied"),
    "whoever reports the metric": ("metric_window_share",),
    "whoever splits the data": ("seed_overlap", "report_seed_overlap"),
}
"""Who measures what the two last groups hold: a file of `train/probes`, or a check of a live rollout and its update."""
_SOURCES = {name: source for source, names in MEASURED_BY.items() for name in names}


def sourced(group: dict[str, Any]) -> dict[str, Any]:
    """The group with the source of every signal that `MEASURED_BY` knows."""
    return {
        name: (unit, meaning, {**dict(*rest), "source": _SOURCES[name]}) if name in _SOURCES else (unit, meaning, *rest)
        for name, (unit, meaning, *rest) in group.items()
    }
