"""The README's table guard → test → fault, which is made from tests/mutants/faults.py."""

from scripts.house.files import ROOT
from tests.mutants.faults import FAULTS

README = ROOT / "README.md"
BEGIN, END = "<!-- make mutants: begin -->\n", "<!-- make mutants: end -->\n"


def table() -> str:
    """One line for each guard, with the fault that took it away and the test that said so (below tests/)."""
    lines = ["| guard | what was planted | what failed |", "|---|---|---|"]
    lines += [f"| {fault.guard} | {fault.fault} | `{fault.test}` |" for fault in FAULTS]
    return "\n" + "\n".join(lines) + "\n\n"  # within <details>, Markdown wants blank lines around a table


def block() -> str:
    """What stands between the marks in the README now; refuses a README without them."""
    text = README.read_text(encoding="utf-8")
    return text.split(BEGIN)[1].split(END)[0]


def write() -> None:
    text = README.read_text(encoding="utf-8")
    README.write_text(text.replace(BEGIN + block() + END, BEGIN + table() + END), encoding="utf-8")
