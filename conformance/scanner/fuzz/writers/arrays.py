"""Arrays of numpy, joblib and scikit-learn, and HDF5."""

import json
import pickle
import zlib

from writers.material import path, write


def arrays():
    import joblib
    import numpy as np

    table = np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")])
    things = {"f8": np.arange(4.0), "u1": np.arange(3, dtype="u1"), "table": table, "text": np.array(["ab"]), "object": np.array([[1], "x"], dtype=object)}
    for protocol in (0, 2, 5):
        write(f"numpy-p{protocol}.pkl", pickle.dumps([*things.values(), np.float32(1), np.dtype("f4"), np.random.RandomState(1).get_state()[0]], protocol))
    for kind in ("f8", "table", "object"):
        np.save(path(f"{kind}.npy"), things[kind], allow_pickle=True)
    with open(path("v2.npy"), "wb") as file:
        np.lib.format.write_array(file, np.zeros((2, 3), order="F"), version=(2, 0))
    with open(path("v3.npy"), "wb") as file:
        np.lib.format.write_array(file, np.zeros(1, dtype=[("é", "f4")]), version=(3, 0))
    np.savez(path("arrays.npz"), a=things["f8"], b=things["object"])
    np.savez_compressed(path("packed.npz"), a=things["f8"], b=things["table"])
    model = {"w": things["f8"], "o": things["object"], "t": np.array(["abc"]), "n": np.asfortranarray(np.ones((2, 2)))}
    joblib.dump(model, path("plain.joblib"))
    for name, how in (("zlib", ("zlib", 3)), ("gzip", ("gzip", 3)), ("bz2", ("bz2", 3)), ("lzma", ("lzma", 3)), ("xz", ("xz", 3)), ("lz4", ("lz4", 3))):
        joblib.dump(model, path(f"{name}.joblib"), compress=how)
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.tree import DecisionTreeClassifier

    x, y = np.array([[0.0], [1], [2], [3]]), [0, 0, 1, 1]
    joblib.dump(make_pipeline(StandardScaler(), LogisticRegression()).fit(x, y), path("pipeline.joblib"))
    write("tree-p2.pkl", pickle.dumps(DecisionTreeClassifier(max_depth=1).fit(x, y), 2))
    payload = pickle.dumps(model, 4)
    write("old.zfile", b"ZF0x" + hex(len(payload))[2:].ljust(17).encode() + zlib.compress(payload))


def hdf5():
    import h5py
    import numpy as np

    config = json.dumps({"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Dense", "config": {"name": "d", "units": 1, "activation": "relu"}}]}})
    for name, version in (("earliest", "earliest"), ("v108", ("v108", "v108")), ("latest", "latest")):
        with h5py.File(path(f"{name}.h5"), "w", libver=version) as file:
            file.attrs["model_config"] = config
            file.attrs["keras_version"] = "2.15.0"
            file.attrs.create("names", np.array([b"dense"]))
            group = file.create_group("model_weights/dense", track_order=name == "latest")
            group.attrs["weight_names"] = [b"kernel:0", b"bias:0"]
            data = group.create_dataset("kernel:0", data=np.ones((4, 4), "f4"))
            if name == "latest":
                continue
            group.create_dataset("chunked", data=np.arange(32), chunks=(8,), compression="gzip", shuffle=True, fletcher32=True, maxshape=(None,))
            file["soft"] = h5py.SoftLink("/model_weights")
            file["hard"] = data
            group.attrs["reference"] = data.ref
    with h5py.File(path("outside.h5"), "w", libver="earliest") as file:
        file["link"] = h5py.ExternalLink("other.h5", "/data")
        file.create_dataset("stored", (4,), "f4", external=[("values.bin", 0, 16)])
        file.create_dataset("text", data="variable", dtype=h5py.string_dtype())
    with h5py.File(path("virtual.h5"), "w", libver="latest") as file:
        layout = h5py.VirtualLayout((4,), "f4")
        layout[:] = h5py.VirtualSource("other.h5", "data", (4,))
        file.create_virtual_dataset("v", layout)
        file["link"] = h5py.ExternalLink("other.h5", "/data")
    with h5py.File(path("dense.h5"), "w", libver="latest") as file:
        for index in range(12):
            file[f"l{index}"] = h5py.SoftLink("/x")
        file["out"] = h5py.ExternalLink("other.h5", "/data")
    with h5py.File(path("userblock.h5"), "w", userblock_size=512) as file:
        file.attrs["a"] = 1
        file.create_dataset("compact", data=np.arange(3), dtype="i2")
