"""Adds to a list the classes of which pickles hold values: list-values.py LIST.json PACKAGE... (or --stdlib).

Enumerations, named tuples and struct sequences of the packages that this Python has, and exceptions of the standard
library whose names do not say so. A value of theirs is made by calling the class with data: nothing runs but `tuple.__new__`,
`Enum.__call__` or the exception's own constructor, which keeps its arguments. Classes that replace these are left out.
Afterwards: npx biome check --write LIST.json && node conformance/scanner/write-lists.mjs
"""

import contextlib
import enum
import importlib
import inspect
import io
import json
import os
import pathlib
import pkgutil
import re
import sys
import warnings

warnings.simplefilter("ignore")
SKIPPED = re.compile(r"(^|\.)(antigravity|this|__main__|idlelib|turtledemo|turtle|tkinter|tests?|test_\w+|conftest|cli|testing|setup|vendor)(\.|$)")
# Tuples of functions, and what no model holds.
UNFIT = re.compile(r"^(pydoc|torch\.(_\w+|distributed|fx|backends|package|jit|cuda|utils\.(benchmark|collect_env))|optuna\.visualization|scipy\._lib|\w+\.vendored)(\.|$)")
SAID = re.compile(r"^_?[A-Z]\w*(Error|Exception|Warning)$")
KINDS = {"enum": "a member of an enumeration", "tuple": "a tuple with named parts", "error": "an exception that is made, not raised"}


def quietly(name):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return importlib.import_module(name)


def modules(name):
    if SKIPPED.search(name):
        return
    try:
        module = quietly(name)
    except BaseException:
        return
    yield module
    for found in pkgutil.iter_modules(getattr(module, "__path__", [])):
        yield from modules(f"{name}.{found.name}")


def classes(holder):
    for value in list(vars(holder).values()):
        if not inspect.isclass(value):
            continue
        yield value
        yield from (one for one in vars(value).values() if inspect.isclass(one) and one.__qualname__.startswith(value.__qualname__ + "."))


def kind(one, stdlib):
    if issubclass(one, enum.Enum):
        return "enum" if len(one) > 0 and "_missing_" not in vars(one) or stdlib else None
    if issubclass(one, tuple) and one is not tuple:
        if hasattr(one, "n_sequence_fields"):
            return "tuple"
        named = next((base for base in one.__mro__ if "_fields" in vars(base) and "_make" in vars(base)), None)
        return "tuple" if named and one.__new__ is named.__new__ and one.__init__ is object.__init__ else None
    if stdlib and issubclass(one, Exception) and not SAID.match(one.__qualname__):
        own = [base for base in one.__mro__ if "__init__" in vars(base)][0]
        return "error" if own.__module__ in ("builtins", one.__module__) else None
    return None


def found(packages, stdlib):
    for package in packages:
        for module in modules(package):
            for one in classes(module):
                home, name = getattr(one, "__module__", None), getattr(one, "__qualname__", "")
                if not isinstance(home, str) or "<" in name or SKIPPED.search(home) or UNFIT.search(home):
                    continue
                if home.split(".")[0].lstrip("_") != package.split(".")[0].lstrip("_") and not stdlib:
                    continue
                with contextlib.suppress(Exception):
                    if (what := kind(one, stdlib)) is not None and getattr(one, "__module__") != "builtins":
                        yield home, name, KINDS[what]


target, *packages = sys.argv[1:]
stdlib = packages == ["--stdlib"]
path = pathlib.Path(target)
lists = [json.loads(other.read_text()) for other in path.parent.glob("*.json") if other != path]
listed = {(entry["module"], name) for one in lists for entry in one.get("allow", []) for name in entry["names"]}
known = json.loads(path.read_text()) if path.exists() else {"sources": {}, "packages": [], "allow": []}
known["sources"]["values"] = "conformance/scanner/list-values.py on Python 3.11 and 3.13 and the newest libraries in November 2026"
entries = {(entry["module"], entry["reason"]): set(entry["names"]) for entry in known["allow"]}
for home, name, reason in found(sorted(sys.stdlib_module_names) if stdlib and hasattr(sys, "stdlib_module_names") else packages, stdlib):
    if (home, name) not in listed:
        entries.setdefault((home, reason), set()).add(name)
known["allow"] = [
    {"module": module, "names": sorted(names), "reason": reason, "source": "values"} for (module, reason), names in sorted(entries.items())
]
path.write_text(json.dumps(known, indent=2) + "\n")
print(sum(len(names) for names in entries.values()), "classes")
sys.stdout.flush()
os._exit(0)
