"""What is looked at, and how a finding is written down."""

import ast
import statistics
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Finding:
    """Something to put right."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Source:
    """One Python file of ours."""

    path: Path

    @cached_property
    def lines(self) -> int:
        return self.path.read_text(encoding="utf-8").count("\n")

    @cached_property
    def written_lines(self) -> int:
        """Lines that are not blank."""
        return sum(1 for line in self.path.read_text(encoding="utf-8").splitlines() if line.strip())

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"), str(self.path))

    @property
    def app(self) -> str:
        return self.path.relative_to(ROOT).parts[0]

    @property
    def is_test(self) -> bool:
        return self.app == "tests"

    @property
    def is_models(self) -> bool:
        return self.path.name == "models.py" or self.path.parent.name == "models"

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def found(self, node: ast.stmt | ast.expr, message: str) -> Finding:
        return Finding(self.path, node.lineno, message)


def ours(*suffixes: str) -> list[Path]:
    """Files that git has or would take, so that nothing built is looked at."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    paths = (ROOT / name for name in sorted(set(listed.stdout.split("\0"))) if name.endswith(suffixes))
    return [path for path in paths if path.is_file()]


def sources() -> list[Source]:
    """Every Python file except generated migrations."""
    return [Source(path) for path in ours(".py") if "migrations" not in path.parts]


def spread(numbers: list[int]) -> str:
    """Median, ninth decile and largest, for a person to look at."""
    ordered = sorted(numbers)
    return f"median {statistics.median(ordered):.0f}, p90 {ordered[len(ordered) * 9 // 10]}, most {ordered[-1]}"
