"""Weighting: answers raked to the frame's margins, and what that costs in precision."""
