"""Recompute a draw of the night school (docs/draw.md): python3 draw.py list.json. Needs nothing but Python 3."""

import json
import sys
from hashlib import sha256


def digest(text):
    return sha256(text.encode()).hexdigest()


def key(salt, number, lots):
    return min(digest(f"{salt}:{number}:{lot}") for lot in range(1, lots + 1))


def order(salt, entries):
    return [number for _, number in sorted((key(salt, number, lots), number) for number, lots in entries)]


def faults(file):
    salt, entries = file["salt"], file["entries"]
    numbers = [number for number, _ in entries]
    if not salt:
        yield "还没有抽签：随机数尚未公布"
        return
    if digest(salt) != file["commitment"]:
        yield "随机数与事先公布的承诺值不符"
    if len(set(numbers)) != len(numbers) or any(lots not in (1, 2) for _, lots in entries):
        yield "名单里有重复的编号，或签数不是1或2"
    if digest("".join(f"{number} {lots}\n" for number, lots in entries)) != file["entries_sha256"]:
        yield "名单与公布的名单指纹不符"
    if order(salt, entries) != file["order"]:
        yield "次序与随机数、名单算出来的不符"


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as opened:
        found = list(faults(json.load(opened)))
    print("\n".join(found) or "核对无误：承诺值、名单和次序都对得上")
    sys.exit(bool(found))
