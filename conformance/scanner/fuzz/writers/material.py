"""Where the seeds go, and the data that many of them hold."""

import collections
import datetime
import json
import os
import sys

OUT = sys.argv[1]
os.makedirs(OUT, exist_ok=True)


def path(name):
    return os.path.join(OUT, name)


def write(name, data):
    with open(path(name), "wb") as file:
        file.write(data)


RICH = {
    "ints": [0, -1, 255, 65536, 2**40, 2**200, -(2**2000)], "floats": [1.5, float("inf")], "none": None, "bools": (True, False),
    "text": ["", "é", "line\nbreak", "x" * 300], "bytes": [b"", b"\x00\xff" * 4, bytearray(b"abc"), b"y" * 300],
    "sets": [{1}, frozenset([2])], "nested": [[[]], ({},), (1, 2, 3, 4)], "ordered": collections.OrderedDict(a=1),
    "counter": collections.Counter("aab"), "default": collections.defaultdict(list, a=[1]), "date": datetime.datetime(2020, 1, 2),
    "complex": 1 + 2j, "type": int, "call": len, "range": range(3),
}
SHARED = ["shared"]
RICH["again"] = [SHARED, SHARED]
TEXT = json.dumps({"a": list(range(60)), "b": "the quick brown fox " * 8}).encode()
