"""Writes honest files that are empty for the most part, and so unpack to many times their size; all must come out clean.

    python -m venv venv && venv/bin/pip install numpy scipy joblib nibabel h5py pandas safetensors
    venv/bin/python conformance/scanner/write-sparse.py DIRECTORY
    node conformance/scanner/scan.mjs DIRECTORY

What is not installed is named and left out. The largest unpacks to 2 GB, of which none is written to the disk.
"""

import bz2
import gzip
import json
import lzma
import os
import pickle
import sys
import tarfile
import zipfile

import numpy as np
from parts import part, run_parts

DIRECTORY = sys.argv[1]
MEGABYTES = 1 << 20


def path(name):
    return os.path.join(DIRECTORY, name)


@part
def npz():
    zeros = np.zeros((4000, 4000), np.float32)
    np.savez_compressed(path("optimizer.npz"), m=zeros, v=zeros, step=np.array(0))
    np.savez_compressed(path("large.npz"), embeddings=np.zeros((2_000_000, 256), np.float32))
    record = np.zeros(12_000_000, [("id", "<i8"), ("value", "<f4")])
    np.savez_compressed(path("record.npz"), record)
    np.savez_compressed(path("text.npz"), np.full(3_000_000, "", "<U8"), np.zeros(9_000_000, "<c16"))


@part
def streams():
    zeros = np.zeros((6000, 3000))
    for name, opened in (("gz", gzip.open), ("bz2", bz2.open), ("xz", lzma.open)):
        with opened(path(f"mask.npy.{name}"), "wb") as file:
            np.save(file, zeros)
        with opened(path(f"state.pkl.{name}"), "wb") as file:
            pickle.dump({"m": zeros, "v": zeros.astype(np.float32), "names": ["a"] * 5}, file)


@part
def joblib_dumps():
    import joblib

    state = {"velocities": [np.zeros((2500, 2500)) for _ in range(4)], "bias": np.arange(5)}
    for packed in ("zlib", "gzip", "bz2", "lzma", "xz"):
        joblib.dump(state, path(f"state.{packed}.joblib"), compress=(packed, 3))


@part
def tars():
    np.save(path("zeros.npy"), np.zeros((3000, 3000)))
    with open(path("config.json"), "w") as file:
        json.dump({"hidden": 3000}, file)
    for mode, name in (("w:gz", "model.tar.gz"), ("w:xz", "model.tar.xz")):
        with tarfile.open(path(name), mode) as archive:
            for at in range(3):
                archive.add(path("config.json"), f"model/{at}/config.json")
                archive.add(path("zeros.npy"), f"model/{at}/zeros.npy")
    with zipfile.ZipFile(path("model.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path("zeros.npy"), "zeros.npy")
        archive.write(path("model.tar.gz"), "model.tar.gz")


@part
def jsons():
    with gzip.open(path("vectors.json.gz"), "wt") as file:
        json.dump([[0.0] * 768 for _ in range(12_000)], file)
    with gzip.open(path("vectors.jsonl.gz"), "wt") as file:
        for at in range(12_000):
            file.write(json.dumps({"id": at, "vector": [0.0] * 768}) + "\n")
    with gzip.open(path("table.csv.gz"), "wt") as file:
        for at in range(100_000):
            file.write(",".join(["0"] * 200) + "\n")


@part
def nifti():
    import nibabel

    mask = np.zeros((512, 512, 300), np.uint8)
    mask[200:260, 200:260, 100:140] = 1
    nibabel.save(nibabel.Nifti1Image(mask, np.eye(4)), path("mask.nii.gz"))
    nibabel.save(nibabel.Nifti2Image(mask, np.eye(4)), path("mask2.nii.gz"))


@part
def hdf5():
    import h5py

    with h5py.File(path("zeros.h5"), "w") as file:
        file["weights"] = np.zeros((3500, 3500), np.float32)
    with zipfile.ZipFile(path("model.keras"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", json.dumps({"class_name": "Sequential", "config": {"name": "s", "layers": []}}))
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.9.0"}))
        archive.write(path("zeros.h5"), "model.weights.h5")


@part
def tensors():
    from safetensors.numpy import save_file

    save_file({"a": np.zeros((3000, 3000), np.float32), "b": np.ones(4, np.float32)}, path("zeros.safetensors"))
    with zipfile.ZipFile(path("tensors.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path("zeros.safetensors"), "zeros.safetensors")


@part
def sparse_matrices():
    from scipy import sparse

    sparse.save_npz(path("matrix.npz"), sparse.csr_matrix((np.zeros(9_000_000), (np.zeros(9_000_000, int), np.zeros(9_000_000, int)))))
    sparse.save_npz(path("empty.npz"), sparse.csr_matrix((20_000_000, 8)))


@part
def frames():
    import pandas

    frame = pandas.DataFrame(np.zeros((500_000, 12)))
    frame.to_pickle(path("frame.pkl.gz"))
    frame.to_csv(path("frame.csv.gz"))


os.makedirs(DIRECTORY, exist_ok=True)
run_parts()
