"""Checks: from an expectation and a probe to an outcome."""
