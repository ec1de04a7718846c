"""The bar under a page that says what its reader can do right now (components/actbar.html)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """The component's parameters; `post` makes the label a button of a form instead of a link."""

    title: str
    sub: str = ""
    tone: str = ""
    icon: str = ""
    label: str = ""
    url: str = ""
    look: str = ""
    post: bool = False
