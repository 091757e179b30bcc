"""Holds the scanner's allow lists against the real libraries: drift.py [--all] [LIST...]

For each name on an allow list it says what the name is in the library that is installed (class, function, builtin), and
warns when what the list says no longer holds:

- the name exists nowhere any more (told with --all: most lists cover old versions as well),
- a function that is allowed without a check takes a callable, or its source calls what opens, runs, imports or unpickles,
- a class grew a `__setstate__`, `__reduce__`, `__del__` or `__new__` whose source does so,
- what a class in `constructors` does when it is called or made.

Run it with each Python that has libraries (Debian's python3 with python3-torch, virtual environments with others) and
with every new version of a library. Nothing from a model file is read.
"""

import ast
import importlib
import inspect
import json
import pathlib
import pkgutil
import re
import sys
import textwrap
import warnings

warnings.simplefilter("ignore")
LISTS = pathlib.Path(__file__).parent / "../../packages/scanner/src/globals/lists"
ACTS = re.compile(
    r"^(open|io\.open|gzip\.open|bz2\.open|eval|exec|compile|__import__|(importlib\.)?import_module|subprocess\.\w+|Popen|"
    r"os\.(system|popen|remove|unlink|makedirs|mkdir|rmdir|rename|replace|chmod|exec\w*|spawn\w*)|shutil\.\w+|socket\.\w+|"
    r"(\w+\.)*(pickle|dill|cloudpickle|marshal|joblib|srsly|yaml)\.(\w*_)?loads?|pickle_loads|torch\.load|np\.load|urlopen|"
    r"requests\.\w+|tempfile\.\w+|(\w+\.)*(from_pretrained|from_file|read_text|write_text|read_bytes|write_bytes)|"
    r"sympify|parse_expr|lambdify|dmatrix|dmatrices|\w+\.get_matrices)$"
)
CALLABLE = {"func", "function", "fn", "callback", "callable", "key", "predicate", "factory", "hook", "f", "pyfunc"}
SPECIAL = ("__setstate__", "__reduce__", "__reduce_ex__", "__del__", "__new__")


def resolve(module, name):
    """The object and its parent chain, or None."""
    try:
        found = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
        return found
    except BaseException:
        return None


def kind(value):
    if inspect.isclass(value):
        return "class"
    if inspect.isfunction(value):
        return "function"
    if inspect.isbuiltin(value) or inspect.ismethoddescriptor(value):
        return "builtin"
    return type(value).__name__ if callable(value) else f"value ({type(value).__name__})"


def acts(value):
    """What the source of a function calls that a pickle should not reach."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(value)))
    except (OSError, TypeError, SyntaxError, IndentationError):
        return set()
    names = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {name for name in names if ACTS.match(name)}


def takes_callable(value):
    try:
        return sorted(CALLABLE & set(inspect.signature(value).parameters))
    except (ValueError, TypeError):
        return []


def problems(value, entry):
    what = kind(value)
    if what == "class":
        for method in SPECIAL:
            found = vars(value).get(method)
            found = getattr(found, "__func__", found)
            if inspect.isfunction(found) and (calls := acts(found)):
                yield f"{method} calls {', '.join(sorted(calls))}"
        if "check" not in entry and inspect.isfunction(vars(value).get("__init__")) and (calls := acts(value.__init__)):
            yield f"__init__ calls {', '.join(sorted(calls))}"
    elif "check" not in entry:
        if calls := acts(value):
            yield f"calls {', '.join(sorted(calls))}"
        if what == "function" and (taken := takes_callable(value)):
            yield f"takes {', '.join(taken)}"


def walk(prefix):
    """Classes of a module and of what lies below it."""
    try:
        top = importlib.import_module(prefix)
    except BaseException:
        parent, _, name = prefix.rpartition(".")
        found = resolve(parent, name) if parent else None
        if inspect.isclass(found):
            yield found
        return
    names = [prefix]
    if hasattr(top, "__path__"):
        names += [found.name for found in pkgutil.walk_packages(top.__path__, prefix + ".", lambda name: None)]
    for name in names:
        if re.search(r"\.(tests?|conftest|testing|setup)(\.|$)|\.test_|__main__", name):
            continue
        try:
            module = importlib.import_module(name)
        except BaseException:
            continue
        for found in list(vars(module).values()):
            if inspect.isclass(found) and found.__module__ == name:
                yield found


def report(path, everything):
    data = json.loads(path.read_text())
    dangerous = {name for entry in data.get("dangerous", []) for name in entry["names"]}
    counts = {}
    for entry in data.get("allow", []):
        for name in entry["names"]:
            value = resolve(entry["module"], name)
            what = "absent" if value is None and name not in ("None", "NoneType") else kind(value)
            counts[what] = counts.get(what, 0) + 1
            full = f"{entry['module']}.{name}"
            if everything:
                print(f"  {full}: {what} ({entry.get('check', 'no check')})")
            if value is not None:
                for problem in problems(value, entry):
                    print(f"! {path.stem}: {full} {problem}")
    versions = {}
    for package in data.get("packages", []):
        if package in sys.modules:
            versions[package] = str(getattr(sys.modules[package], "__version__", "?"))
    print(f"{path.stem}: {counts} with {versions or 'no library of it'}")
    for entry in data.get("constructors", []):
        for prefix in entry["prefixes"]:
            for found in walk(prefix):
                full = f"{found.__module__}.{found.__qualname__}"
                if any(full == name or full.startswith(name + ".") for name in dangerous):
                    continue
                for problem in problems(found, {}):
                    print(f"! {path.stem}: {full} {problem}")


arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
for path in sorted(LISTS.glob("*.json")):
    if path.stem != "components" and (not arguments or path.stem in arguments):
        report(path, "--all" in sys.argv)
