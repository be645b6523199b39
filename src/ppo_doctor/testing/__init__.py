"""Conformance suites: what every member of an open set must satisfy, for ours and for third parties."""
