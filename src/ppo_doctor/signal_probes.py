"""The rows of the vocabulary that probes measure: name -> (unit, meaning) or (unit, meaning, {exceptions})."""

from __future__ import annotations

from typing import Any

PROBE_DATA: dict[str, Any] = {
    "log_prob_error": ("nats", "max |log-probability recomputed before any gradient step - the stored one|"),
    "gae_error": ("sd", "max |advantage recomputed from stored rewards, values and ends - the one used| / sd(A)"),
    "gae_wrong_inside": (
        "share",
        "rows, ends and the rollout's last step left out, where advantage and successor break the recursion: "
        "A_t - delta_t - gamma lambda A_{t+1} above 0.001 sd(A)",
        {"undefined": "there is no such row"},
    ),
    "gae_wrong_at_ends": (
        "share",
        "the same of rows at which an episode ended, the last step left out",
        {"undefined": "no episode ended"},
    ),
    "gae_wrong_at_last": ("share", "the same of the rollout's last step"),
    "discount_in_use": (
        "1",
        "discount that the advantages in use obey inside episodes, fitted together with the trace decay",
        {"undefined": "no such pair explains them"},
    ),
    "advantage_permuted": ("0/1", "1 if the advantages in use are the recomputed ones, but of other rows"),
    "advantage_cleared_frac": ("share", "rows whose advantage is exactly 0 although the recomputed one is not"),
    "forward_noise": (
        "nats",
        "median |difference between log-probabilities of two passes of the same rows and weights|",
    ),
    "transition_gap_frac": ("share", "rows, ends left out, whose next observation is not that of the next row"),
    "done_mismatch": ("share", "resets of an environment without a stored end, or stored ends without a reset"),
    "stored_action_error": ("share", "rows whose stored action is not the action that was executed"),
    "stored_action_tied": (
        "share",
        "stored real-valued actions that equal another one at the end of the range: draws of a density never do; "
        "0 where actions are choices",
    ),
    "normaliser_still": ("0/1", "1 if new rows leave a running statistic as it was", {"undefined": "none is in use"}),
    "reward_misaligned_frac": (
        "share",
        "rows whose stored reward is not the one that followed the stored action, of those where either is not the "
        "most frequent one",
        {"undefined": "all rewards are the same"},
    ),
    "shape_mismatch": ("0/1", "1 if ratio, advantage, return and value differ in shape where the loss combines them"),
    "obs_aliased_frac": ("share", "stored observations that changed after they were stored"),
    "gradient_missing_frac": ("share", "parameters that the loss has no gradient for, although by rights it has"),
    "optimiser_missing_frac": ("share", "parameters that no gradient step moved, or that the optimiser does not hold"),
    "entropy_step": ("nats", "change of the entropy after one small step on the entropy term alone; must be > 0"),
    "policy_gradient_cosine": (
        "1",
        "cosine between the policy term's gradient as the learner has it and that of the clipped surrogate",
        {"undefined": "the surrogate has no gradient"},
    ),
    "policy_gradient_scale": (
        "1",
        "length of the former in units of the latter's",
        {"undefined": "the surrogate has no gradient"},
    ),
    "metric_window_share": ("share", "share of the rollout's steps that a reported training metric covers"),
}
"""From a live rollout and its update."""

PROBE_ENV: dict[str, Any] = {
    "action_influence_state": (
        "share",
        "states in which two legal actions lead to different next observations, the random numbers being the same",
    ),
    "action_influence_reward": ("share", "the same for the immediate reward"),
    "credit_delay": (
        "steps",
        "steps, its own included, within which half of an action's effect on the undiscounted return of random play "
        "has come",
        {"undefined": "actions have no clear effect on the return of random play"},
    ),
    "action_influence_return": (
        "1",
        "sqrt(E_seed[Var(return | seed)] / Var(return)): how far random actions decide the return of an episode, the "
        "environment's random numbers being the same and rewards far outside of the usual range cut to it",
    ),
    "state_changes": ("share", "steps under random play whose observation differs from the one before"),
    "workload_varies": ("share", "pairs of seeds whose episodes differ under the same actions"),
    "determinism": ("share", "steps that a replay with the same seed and actions reproduces exactly"),
    "mask_mismatch_frac": ("share", "(state, action) pairs on which the mask and the environment disagree"),
    "mask_stale_frac": ("share", "states with a wrong mask whose mask is what the environment accepts one step before"),
    "mask_shifted_frac": ("share", "states with a wrong mask that is right when moved by one index"),
    "reward_occurrence": ("share", "episodes of random play with any reward other than the most frequent one"),
    "reward_reached": (
        "share",
        "largest share of the episodes of any policy tried, random play and searches included, whose return is not the "
        "most frequent one of random play",
    ),
    "reward_tail": (
        "1",
        "farthest reward from the median / the distance that one in a hundred exceeds, or the median's size if larger; "
        "steps that end an episode left out",
    ),
    "reward_terms_dead": ("share", "paid terms of the reward whose sum no action changes"),
    "reward_term_share_max": ("share", "largest Cov(A of one term alone, A) / Var(A) between first actions, by forks"),
    "headroom": ("sd", "(best return any known policy or search reached - random_return) / sd of random episodes"),
    "headroom_low": ("sd", "lower end of the 95 % interval of headroom"),
    "headroom_high": ("sd", "upper end of the 95 % interval of headroom"),
    "reference_gain": ("sd", "(return of a policy known to be good - random_return) / sd of random episodes"),
    "reference_gain_low": ("sd", "lower end of the 95 % interval of reference_gain"),
    "reference_gain_high": ("sd", "upper end of the 95 % interval of reference_gain"),
    "reference_lead": (
        "sd",
        "(return of a policy known to be good - of the best single action) / sd of random episodes",
    ),
    "reference_lead_low": ("sd", "lower end of the 95 % interval of reference_lead"),
    "reference_lead_high": ("sd", "upper end of the 95 % interval of reference_lead"),
    "random_weights_gain": ("sd", "(return of the best of 32 random linear policies - random_return) / sd of episodes"),
    "random_weights_spread": ("sd", "sd of the mean return between random linear policies / sd of random episodes"),
    "observation_predicts_action": (
        "share",
        "(held-out return of the action predicted from the observation - of the best single action) / (return of the "
        "best action - of the best single action); with rewards 0 and 1 this is the gain in accuracy",
    ),
    "observation_predicts_return": ("1", "held-out R^2 of a supervised model of the return from the observation"),
    "observation_predicts_reward": (
        "1",
        "held-out R^2 for an action's immediate reward, of the variance that the action's identity alone leaves",
    ),
    "ev_ceiling": ("1", "largest explained variance any critic can reach: 1 - E_s[Var(R | s)] / Var(R)"),
    "timeout_share": ("share", "ends of episodes that are due to a time limit"),
    "segment_length": ("steps", "mean length of episodes of random play, as far as recorded"),
    "overrun_frac": (
        "share",
        "episodes of random play that reach the declared time limit and do not end",
        {"measured": "by a probe, against what is declared"},
    ),
    "obs_constant_frac": ("share", "observation features that never vary under random play"),
    "obs_scale_spread": (
        "1",
        "largest / smallest standard deviation among the features that vary, rare flags left out by the probe",
    ),
    "obs_noise_ratio": (
        "1",
        "standard deviation of the noise added to a feature / that of the feature itself, median; 1e6 where nothing "
        "lies beneath the noise",
    ),
    "obs_noise_std": ("as the feature", "standard deviation of that noise, median over the noisy features"),
    "obs_noise_declared": ("as the feature", "standard deviation of the noise the environment says it adds"),
    "obs_stale_frac": (
        "share",
        "states in which an action shows one step later, but not in the observation that follows it",
    ),
    "action_at_bound_frac": ("share", "components of sampled actions at or beyond their bounds"),
    "action_tied_frac": (
        "share",
        "pairs of different real-valued actions that lead to exactly the same in most states",
    ),
    "obs_growth": (
        "1",
        "size of a feature at the end of episodes of random play / in their first two observations, the median feature",
    ),
    "obs_growth_rate": (
        "1",
        "what nine in ten steps of random play multiply the size (root mean square) of the observation by at least",
    ),
    "reward_clipped_frac": (
        "share",
        "rewards that a clip or a saturating transformation changed: a probe counts those that lie exactly at the "
        "smallest or largest ever seen, where others do not repeat",
    ),
    "constant_action_return": ("return", "return of the best policy that always takes one action"),
    "better_elsewhere_frac": ("share", "states in which the best rival of the best single action earns more"),
    "break_even_posterior": ("share", "probability of being better from which that rival pays: loss / (gain + loss)"),
    "posterior_reached": (
        "share",
        "states in which the rival is better, among the tenth of held-out states a model thinks it likeliest in",
    ),
    "normaliser_gap": (
        "sd",
        "max over features of |mean in training - mean in evaluation| / sd in training, and of the sds' |log ratio|",
    ),
    "normaliser_error": ("sd", "max over features |normaliser's mean - that of recent raw observations| / sd of those"),
    "report_seed_overlap": ("share", "report seeds or instances that also chose the checkpoint"),
    "seed_overlap": ("share", "evaluation seeds or instances that are also trained on"),
}
"""On the environment alone, unless the meaning says otherwise."""
