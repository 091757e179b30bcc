"""Writes honest files of many formats with the libraries that are installed; scanned, all must come out clean.

    python -m venv venv && venv/bin/pip install numpy scipy onnx onnxruntime skl2onnx onnxmltools scikit-learn xgboost \
        lightgbm h5py pyarrow gguf safetensors sentencepiece tokenizers tiktoken joblib fasttext-wheel gensim spacy flax \
        orbax-checkpoint msgpack tensorflow-cpu tf2onnx openvino nncf coremltools paddlepaddle
    venv/bin/python conformance/scanner/write-variety.py DIRECTORY
    node conformance/scanner/scan.mjs DIRECTORY

What is missing, or refuses, is named on standard output and left out. One environment hardly holds all: several can write to one
directory after each other.
"""

import importlib
import os
import sys
import warnings

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="", TF_USE_LEGACY_KERAS="")
warnings.filterwarnings("ignore")
from parts import run_parts

os.makedirs(sys.argv[1], exist_ok=True)
os.chdir(sys.argv[1])
# In this order: the later ones go on with the same random numbers, and some read what earlier ones wrote.
for family in ("onnx_graphs", "onnx_converted", "weights", "arrays", "words", "checkpoints", "frameworks", "devices"):
    importlib.import_module(f"honest.variety.{family}")
run_parts()
