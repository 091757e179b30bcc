"""Writes benign models of further libraries, as far as they are installed: write-benign-more.py DIRECTORY.

Each part says so when its library is absent. Models are tiny and fitted on random numbers.
"""

import importlib
import os
import sys
import warnings

from parts import run_parts

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="", KERAS_BACKEND=os.environ.get("KERAS_BACKEND", ""))
if not os.environ["KERAS_BACKEND"]:
    del os.environ["KERAS_BACKEND"]
warnings.simplefilter("ignore")
OUT = sys.argv[1]
os.makedirs(OUT, exist_ok=True)
os.chdir(OUT)
for family in ("boosters", "estimators", "graphs", "keras_models", "tensors", "language", "statistics", "exports", "tables"):
    importlib.import_module(f"honest.more.{family}")
run_parts()
print(sum(len(files) for _, _, files in os.walk(".")), "files")
