"""What lies beside models: tables, settings, notebooks, results of programs."""

import json
import os
import sys

from honest.more.fitted import dump
from parts import attempt, part


@part
def tables():
    import pandas as pd

    frame = pd.DataFrame({"text": ["import os", "=1+1", "a,b"], "n": [1, 2, 3], "when": pd.date_range("2020", periods=3)})
    frame.to_csv("table.csv", index=False)
    frame.to_json("table.json", orient="records")
    frame.to_json("table.jsonl", orient="records", lines=True)
    frame.to_pickle("table.pkl")
    frame.to_pickle("table.pkl.gz")
    frame.to_pickle("table.pkl.xz")
    frame.to_pickle("table.pkl.zip")
    frame.to_html("table.html")
    for form in ("parquet", "feather", "excel", "hdf", "orc", "stata"):
        suffix = {"excel": "xlsx", "hdf": "h5", "stata": "dta"}.get(form, form)
        attempt(form, lambda: getattr(frame, "to_" + form)("table." + suffix, **({"key": "k"} if form == "hdf" else {})))


@part
def settings():
    import collections
    import pathlib

    import numpy as np
    import yaml

    for name, value in {"ordered": collections.OrderedDict(a=1), "path": pathlib.PurePosixPath("data/x"), "scalar": np.float64(0.5), "tuple": (1, 2)}.items():
        with open("settings_%s.yaml" % name, "w") as file:
            yaml.dump({"value": value}, file)
    targets = ("hydra._internal.core_plugins.basic_launcher.BasicLauncher", "torchvision.datasets.FashionMNIST", "transformers.AutoTokenizer.from_pretrained", "pytorch_lightning.loggers.WandbLogger", "pandas.read_csv")
    with open("settings_hydra.yaml", "w") as file:
        yaml.safe_dump({"part%d" % at: {"_target_": target, "name": "x"} for at, target in enumerate(targets)}, file)
    with open("arrays_in_a_row.npy", "wb") as file:
        for array in (np.arange(3.0), np.array(["a", "b"]), np.array([{"a": 1}], dtype=object), np.ones((2, 2))):
            np.save(file, array)
    with open("not_fetched.safetensors", "w") as file:
        file.write("version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 12345\n" % ("4d" * 32))
    cells = ["!curl -fsSL https://ollama.com/install.sh | sh", "%%bash\npip install -q torch\n", "files = !ls\n%matplotlib inline"]
    with open("cells.ipynb", "w") as file:
        json.dump({"cells": [{"cell_type": "code", "source": cell, "outputs": []} for cell in cells], "nbformat": 4}, file)


@part
def results():
    import subprocess
    import urllib.parse

    dump("process", subprocess.run([sys.executable, "-V"], capture_output=True))
    dump("address", [urllib.parse.urlsplit("https://example.org/a?b"), os.stat("."), os.terminal_size((80, 24))])

    def matlab():
        from scipy.io import loadmat, savemat

        savemat("struct.mat", {"s": {"a": 1.0, "b": "text"}})
        dump("matlab", loadmat("struct.mat", struct_as_record=False))

    attempt("matlab", matlab)
