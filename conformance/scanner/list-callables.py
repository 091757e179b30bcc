"""Lists the functions, classes and methods of packages: list-callables.py OUT.json PACKAGE... (or --stdlib)."""

import contextlib
import importlib
import io
import json
import pkgutil
import sys
import warnings

warnings.simplefilter("ignore")
SKIPPED = {"antigravity", "this", "__main__", "idlelib", "turtledemo", "test", "lib2to3.pgen2.conv"}


def quietly(name):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return importlib.import_module(name)


def modules(top):
    yield top
    try:
        package = quietly(top)
        for found in pkgutil.walk_packages(getattr(package, "__path__", []), top + ".", lambda name: None):
            if not any(part in found.name for part in (".tests", ".test_", "__main__")) and found.name not in SKIPPED:
                yield found.name
    except BaseException:
        return


def callables(name):
    try:
        found = quietly(name)
    except BaseException:
        return
    for key, value in list(vars(found).items()):
        if not callable(value):
            continue
        kind = "class" if isinstance(value, type) else "function"
        yield name, key, kind
        if kind == "class":
            for method in list(vars(value)):
                if not method.startswith("__") and callable(getattr(value, method, None)):
                    yield name, f"{key}.{method}", "method"


out, *tops = sys.argv[1:]
if tops == ["--stdlib"]:
    tops = sorted(sys.stdlib_module_names - SKIPPED)
result = sorted({item for top in tops for name in modules(top) for item in callables(name)})
with open(out, "w") as file:
    json.dump(result, file)
print(len(result))
