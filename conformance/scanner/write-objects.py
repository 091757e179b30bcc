"""Writes honest pickles of objects of many libraries, each that is installed: write-objects.py DIRECTORY.

Scanned, all must come out clean. Libraries that are absent are named and skipped. The libraries' objects are written in
honest/objects; here stand the user's own classes and functions, which pickles name by `__main__`.
"""

import collections
import dataclasses
import enum
import os
import typing
import warnings

warnings.simplefilter("ignore")
os.environ.setdefault("MPLBACKEND", "Agg")
from honest.objects.frame import dump, run_families


class Colour(enum.Enum):
    RED = 1


class Access(enum.IntFlag):
    READ = 1
    WRITE = 2


Point = collections.namedtuple("Point", "x y")


class Typed(typing.NamedTuple):
    x: int = 1


@dataclasses.dataclass
class Settings:
    rate: float = 0.1
    names: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Frozen:
    rate: float = 0.1


class Slotted:
    __slots__ = ("a", "b")


class Stated:
    def __getstate__(self):
        return {"a": 1}

    def __setstate__(self, state):
        self.__dict__.update(state)


class Listed(list):
    pass


class Mapped(dict):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.__dict__ = self


class Plain:
    def __init__(self):
        self.weights = [0.1]
        self.fit = len

    def method(self):
        return 1


class WithNew:
    def __new__(cls, a, *, b=1):
        return super().__new__(cls)

    def __getnewargs_ex__(self):
        return (1,), {"b": 2}


def helper(x):
    return x


def own_classes():
    slotted = Slotted()
    slotted.a, slotted.b = 1, "x"
    mapped = Mapped(a=1)
    things = {
        "enum": [Colour.RED, Access.READ | Access.WRITE, Access(0)], "namedtuple": [Point(1, 2), Typed(3)],
        "dataclass": [Settings(), Frozen()], "slots": slotted, "state": Stated(), "list_subclass": Listed([1, 2]),
        "dict_subclass": mapped, "plain": Plain(), "getnewargs_ex": WithNew(1), "function": helper, "class": Plain,
        "bound_method": Plain().method, "nested": [Plain(), {"m": Plain()}], "error": KeyError("a"),
        "exception_group": getattr(__import__("builtins"), "ExceptionGroup", lambda *a: None)("x", [ValueError(1)]),
    }
    for name, value in things.items():
        dump(f"own_{name}", value, range(6))


def pydantic_model():
    import pydantic
    global Config

    class Config(pydantic.BaseModel):
        a: int = 1
    return Config()


def own_module():
    from torch import nn
    global Net

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.ModuleList([nn.Conv2d(1, 1, 3)])
            self.act = nn.functional.relu
    return Net()


def own_items(path):
    from PIL import Image
    import pathlib
    made = []
    for label in "ab":
        for index in range(4):
            name = pathlib.Path(path) / f"{label}{index}.png"
            Image.new("RGB", (16, 16)).save(name)
            made.append(name)
    return made


def own_label(path):
    return path.name[0]


own_classes()
run_families("python", "arrays", "estimators", "small", "torch_objects", "torch_libraries", "carried")
