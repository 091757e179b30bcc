"""Runs pickles in CPython's own unpicklers with every import replaced: recorder.py MODE < streams > events.

Nothing that a stream names is imported or called. MODE is `C` (`_pickle.Unpickler`) or `python` (`pickle._Unpickler`).
Each stream comes as settings (1 byte), length (4 bytes, little endian) and bytes; each answer is one line of JSON.
"""

import copyreg
import io
import json
import pickle
import struct
import sys
import warnings

warnings.simplefilter("ignore")

try:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
except ImportError:
    pass

BASE = pickle._Unpickler if sys.argv[1] == "python" else pickle.Unpickler
ENCODINGS = ("ASCII", "latin1", "utf-8", "bytes")
EVENTS = []
MAX_EVENTS = 400


class TooMany(Exception):
    pass


def event(*parts):
    if len(EVENTS) >= MAX_EVENTS:
        raise TooMany()
    EVENTS.append(list(parts))
    return len(EVENTS) - 1


def shape(value, depth=3):
    if value is None:
        return "N"
    if value is True or value is False:
        return str(value)[0]
    kind = type(value)
    if kind is int:
        return "i%d" % value if abs(value) <= 2**53 else "I"
    if kind is float:
        return "f"
    if kind is str:
        return json.dumps(value)
    if kind in (bytes, bytearray, memoryview):
        return "b%d" % len(value)
    if isinstance(value, Meta) or isinstance(value, Recorder):
        return "#%d" % value.event_number
    if depth == 0:
        return "~"
    if kind is tuple:
        return "(%s)" % ",".join(shape(item, depth - 1) for item in value[:50])
    if kind is list:
        return "[%s]" % ",".join(shape(item, depth - 1) for item in value[:50])
    return {dict: "{}", set: "S", frozenset: "Z"}.get(kind, "?")


def made(number, cls=None):
    value = object.__new__(cls or Recorder)
    object.__setattr__(value, "event_number", number)
    return value


def called(callee, args, kwargs):
    if isinstance(callee, Meta) and callee.text_maker:
        event("call", callee.event_number, shape(args))
        return "os"
    return made(event("call", callee.event_number, shape(args)))


def extended(target, items):
    event("append", target.event_number, len(items))


def several(name, record):
    """A method of instances, and the same of classes: a data descriptor of the metaclass comes before what instances have."""
    return property(lambda target: lambda value: record(target, value))


class Methods:
    def __setitem__(self, key, value):
        event("set", self.event_number, 1)


class Meta(type):
    def __call__(cls, *args, **kwargs):
        return called(cls, args, kwargs)

    def __setitem__(cls, key, value):
        event("set", cls.event_number, 1)

    append = several("append", lambda cls, item: extended(cls, [item]))
    extend = several("extend", extended)
    add = several("add", lambda cls, item: event("add", cls.event_number, 1))
    __setstate__ = several("__setstate__", lambda cls, state: event("build", cls.event_number, shape(state)))


class Recorder(Methods):
    def __call__(self, *args, **kwargs):
        return called(self, args, kwargs)

    def append(self, item):
        extended(self, [item])

    def extend(self, items):
        extended(self, items)

    def add(self, item):
        event("add", self.event_number, 1)

    def __setstate__(self, state):
        event("build", self.event_number, shape(state))
        slots = None
        if isinstance(state, tuple) and len(state) == 2:
            state, slots = state
        for part in (state, slots):
            if part is None:
                continue
            if not isinstance(part, dict):
                raise pickle.UnpicklingError("state is not a dictionary")
            for key, value in part.items():
                if not isinstance(key, str):
                    raise TypeError("attribute name")
                if key != "event_number":
                    self.__dict__[key] = value


def class_for(number, maker):
    def new(cls, *args, **kwargs):
        if not isinstance(cls, type):
            raise TypeError("__new__ of no type")
        text = shape((args, kwargs)) if kwargs else shape(args)
        return made(event("new", number, text), cls)

    return Meta("C", (Recorder,), {"__new__": new, "event_number": number, "text_maker": maker})


class Unpickler(BASE):
    def find_class(self, module, name):
        return class_for(event("find", module, name), module == "h8maker")

    def persistent_load(self, value):
        return made(event("persistent", shape(value)))


for code in (1, 2, 3):
    copyreg.add_extension("extension", "code%d" % code, code)


class Plain:
    """A file without `peek`, which the C unpickler reads without looking ahead."""

    def __init__(self, data):
        self.file = io.BytesIO(data)
        self.read = self.file.read
        self.readline = self.file.readline


def opened(how, data):
    if how == 0:
        return io.BytesIO(data)
    if how == 1:
        return io.BufferedReader(io.BytesIO(data), 16 if len(data) % 2 else 8192)
    return Plain(data)


def load(file, settings):
    options = {"encoding": ENCODINGS[settings & 3], "fix_imports": bool(settings & 4)}
    if settings & 8 and sys.version_info >= (3, 8):
        options["buffers"] = [b"buffer"] * 4
    unpickler = Unpickler(file, **options)
    unpickler.load()


def run(settings, data):
    """Events of the first stream, then of those after it: what a loop of `pickle.load` sees."""
    del EVENTS[:]
    copyreg._extension_cache.clear()
    if hasattr(copyreg, "clear_extension_cache"):
        copyreg.clear_extension_cache()
    file = opened(settings >> 4 & 3, data)
    first = None
    try:
        for _ in range(4):
            load(file, settings)
            if first is None:
                first = len(EVENTS)
        return {"first": first, "end": "STOP", "events": EVENTS}
    except RecursionError:
        raise
    except BaseException as error:
        return {"first": len(EVENTS) if first is None else first, "end": "STOP" if first is not None else type(error).__name__ + ": " + str(error)[:100], "events": EVENTS}


def main():
    stdin, stdout = sys.stdin.buffer, sys.stdout
    while True:
        head = stdin.read(5)
        if len(head) < 5:
            return
        settings, length = struct.unpack("<BI", head)
        stdout.write(json.dumps(run(settings, stdin.read(length))) + "\n")
        stdout.flush()


main()
