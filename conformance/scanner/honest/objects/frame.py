"""The frame of write-objects.py: families of objects, each written in several protocols, and what refuses is named."""

import importlib
import os
import pickle
import sys

OUT = sys.argv[1]
os.makedirs(OUT, exist_ok=True)
WRITERS = {}


def writes(function):
    WRITERS[function.__name__] = function
    return function


def dump(name, value, protocols=(2, 4), writer=pickle):
    for protocol in protocols:
        try:
            data = writer.dumps(value, protocol)
        except Exception as error:
            print(f"skipped {name} protocol {protocol}: {type(error).__name__} {error}"[:200])
            continue
        with open(os.path.join(OUT, f"{name}_p{protocol}.pkl"), "wb") as file:
            file.write(data)


def run_families(*names):
    for name in names:
        importlib.import_module(f"honest.objects.{name}")
    for label, write in WRITERS.items():
        try:
            write()
        except ImportError as error:
            print(f"skipped {label}: {error}")
        except BaseException as error:
            print(f"skipped the rest of {label}: {type(error).__name__} {error}"[:200])
