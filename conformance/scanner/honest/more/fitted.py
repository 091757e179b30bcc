"""What the parts of write-benign-more.py share: numbers to fit models on, and a model in several pickles."""

import os
import pickle

from parts import attempt


def dump(name, value, protocols=(2, 4)):
    import joblib

    for protocol in protocols:
        with open("%s_p%d.pkl" % (name, protocol), "wb") as file:
            attempt(name, lambda: pickle.dump(value, file, protocol))
        if os.path.getsize(file.name) == 0:
            os.remove(file.name)
    attempt(name, lambda: joblib.dump(value, name + ".joblib", compress=3))
    if os.path.exists(name + ".joblib") and os.path.getsize(name + ".joblib") < 20:
        os.remove(name + ".joblib")


def data(rows=60):
    import numpy as np

    np.random.seed(0)
    return np.random.rand(rows, 3), np.arange(rows) % 2
