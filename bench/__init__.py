"""Benchmarks: ratios against a limit measured in the same run. They print; they assert nothing."""
