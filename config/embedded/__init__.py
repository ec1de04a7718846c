"""PostgreSQL and Valkey from wheels, for machines that have neither: development, demo, tests, benchmarks.

Two ways to use them: `kept(data_dir)` keeps its data and is always durable (the demo); `throwaway()` forgets
everything at the end (tests, checks, benchmarks). Both give the environment that the product reads.
"""

from config.embedded.keep import kept
from config.embedded.throwaway import throwaway

__all__ = ["kept", "throwaway"]
