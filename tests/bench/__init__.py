"""Benchmarks: ratios of variants that are interleaved in one run, never timings alone (`make bench`)."""
