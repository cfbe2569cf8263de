"""Trusted workloads: which jobs prove who they are, and how their ID tokens are judged."""
