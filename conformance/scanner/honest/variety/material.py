"""What the models of write-variety.py are made of."""

import os

import numpy as np

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(120, 4)).astype(np.float32)
Y = (X[:, 0] > 0).astype(int)
TEXTS = ["the weather is fine today", "models are loaded with eval mode", "import nothing, system is calm", "os and sys are words too"] * 10


def place(name):
    os.makedirs(name, exist_ok=True)
    return lambda file: os.path.join(name, file)
