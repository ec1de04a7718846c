"""Looking at other processes through /proc."""

from pathlib import Path


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def descendants(pid: int) -> list[int]:
    """Every process that `pid` or one of its own started."""
    found = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, listed.read_text().split()):
            found += [child, *descendants(child)]
    return found


def environment(pid: int) -> str:
    """What a process was started with, each word after a NUL; empty when it is gone or not ours to ask."""
    try:
        return "\0" + Path(f"/proc/{pid}/environ").read_text(errors="replace")
    except OSError:
        return ""
