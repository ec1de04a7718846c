"""Benchmarks: ratios of variants that are interleaved in one run, never timings alone (`make bench`)."""

import os

import django

# Here, so that the benchmarks import the product at the top of their files like everyone else.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
