"""A whole plan of a sample: what a goal takes, in clusters or over strata, with invitations and each step of it."""

from feedback_core.planning.calc.plans.plan import plan_sample

__all__ = ["plan_sample"]
