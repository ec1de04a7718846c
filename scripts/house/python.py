"""Rules about Python files."""

import ast
from collections.abc import Callable, Iterator

from scripts.house.files import Finding, Source

MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 40
MOST_LINES_OF_CORE = 300
VAGUE = {"services.py", "utils.py", "helpers.py", "managers.py", "selectors.py"}
Rule = Callable[[Source], Iterator[Finding]]


def file_size(source: Source) -> Iterator[Finding]:
    if source.lines > MOST_LINES:
        yield Finding(source.path, 1, f"{source.lines} lines: no file has more than {MOST_LINES}")


def function_size(source: Source) -> Iterator[Finding]:
    for function in source.functions():
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > MOST_LINES_OF_A_FUNCTION:
            message = f"{function.name} has {length} lines: no function has more than {MOST_LINES_OF_A_FUNCTION}"
            yield source.found(function, message)


def vague_name(source: Source) -> Iterator[Finding]:
    if source.path.name in VAGUE:
        yield Finding(source.path, 1, "name the module for the process it runs")


def signal_receiver(source: Source) -> Iterator[Finding]:
    for function in source.functions():
        for decorator in function.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if name_of(called) == "receiver":
                yield source.found(function, "no signals for business logic: call the verb")


def save_on_a_model(source: Source) -> Iterator[Finding]:
    if source.is_models:
        for function in source.functions():
            if function.name == "save":
                yield source.found(function, "no logic in save(): write a verb or a constraint")


def import_inside(source: Source) -> Iterator[Finding]:
    """AppConfig.ready must import late; nothing else needs to."""
    for function in source.functions():
        if function.name == "ready" and source.path.name == "apps.py":
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield source.found(node, f"import inside {function.name}: imports stand at the top")


def bare_delay(source: Source) -> Iterator[Finding]:
    """A task sent inside a transaction may run before it commits, or although it never does. A task is in none."""
    in_none = source.is_test or source.path.name == "tasks.py"
    allowed = {id(inner) for call in calls(source.tree, "on_commit") for inner in ast.walk(call)}
    for call in calls(source.tree, "delay", "apply_async"):
        if id(call) not in allowed and not in_none:
            yield source.found(call, "write an outbox row, and wake the relay with transaction.on_commit")
        if any(keyword.arg in {"eta", "countdown"} for keyword in call.keywords):
            yield source.found(call, "no ETA or countdown: a sweep finds what is due")


def models_know_no_process(source: Source) -> Iterator[Finding]:
    """From its own app, a models module imports nothing but models."""
    if not source.is_models or source.is_test:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom):
            modules = (
                [node.module or ""] if node.module != source.app else [f"{source.app}.{n.name}" for n in node.names]
            )
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        else:
            continue
        for module in modules:
            if module.startswith(f"{source.app}.") and module.split(".")[1] != "models":
                yield source.found(node, f"models import no process module ({module})")


RULES: tuple[Rule, ...] = (
    file_size,
    function_size,
    vague_name,
    signal_receiver,
    save_on_a_model,
    import_inside,
    bare_delay,
    models_know_no_process,
)


def core_size(sources: list[Source]) -> Iterator[Finding]:
    of_core = [source for source in sources if source.app == "core"]
    lines = sum(source.written_lines for source in of_core)
    if lines > MOST_LINES_OF_CORE:
        yield Finding(
            of_core[0].path, 1, f"core has {lines} written lines: at most {MOST_LINES_OF_CORE}, move a process out"
        )


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Calls of methods or functions with one of these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node.func) in names:
            yield node


def name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
