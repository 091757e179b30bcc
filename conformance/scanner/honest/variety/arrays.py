"""Arrays and tables: HDF5 with every kind of dataset, MATLAB, Parquet, Feather, Arrow, ORC."""

import numpy as np
from honest.variety.material import RANDOM, TEXTS, X, place
from parts import attempt, part


@part
def hdf5_files():
    import h5py

    at = place("hdf5")
    data = RANDOM.normal(size=(200, 50)).astype(np.float32)
    for version in ("earliest", "v110", "latest"):
        with h5py.File(at(f"{version}.h5"), "w", libver=version) as file:
            for name, options in (("gzip", {"compression": "gzip"}), ("lzf", {"compression": "lzf"}), ("shuffle", {"compression": "gzip", "shuffle": True, "fletcher32": True}),
                                  ("scale", {"scaleoffset": 3}), ("chunks", {"chunks": (10, 10), "maxshape": (None, None)}), ("plain", {})):
                file.create_dataset("data/" + name, data=data, **options)
            file["text"] = np.array(["eval", "os.system"], dtype=h5py.string_dtype())
            file["fixed"] = np.array([b"abc", b"defg"])
            file.create_dataset("ragged", (3,), dtype=h5py.vlen_dtype(np.int32))[0] = [1, 2, 3]
            file["reference"] = np.array([file["text"].ref, file["data"].ref], dtype=h5py.ref_dtype)
            file["region"] = np.array([file["data/plain"].regionref[1:3]], dtype=h5py.regionref_dtype)
            file["soft"] = h5py.SoftLink("/data/plain")
            file["hard"] = file["data/plain"]
            file["compound"] = np.zeros(4, [("id", "<i8"), ("name", "S8"), ("position", "<f4", (3,))])
            file["enum"] = np.array([1, 0], dtype=h5py.enum_dtype({"off": 0, "on": 1}, basetype="i1"))
            file["bool"], file["complex"], file["empty"] = np.array([True]), np.ones(3, complex), h5py.Empty("f")
            file["big"] = data.astype(">f4")
            file.attrs["long"] = np.arange(5000)
            file.attrs["names"] = ["layer_%d" % i for i in range(50)]
            file["dtype"] = np.dtype([("a", "f4")])
            many = file.create_group("many", track_order=True)
            for i in range(40):
                many.create_dataset(str(i), data=i)
                many.attrs[f"a{i}"] = i
            file["data/plain"].dims[0].label = "rows"
    with h5py.File(at("user_block.h5"), "w", userblock_size=512) as file:
        file["x"] = data


@part
def matlab_files():
    from scipy.io import savemat

    at = place("matlab")
    content = {"w": X, "names": np.array(["a", "bb"], object), "s": {"x": 1, "y": [1, 2]}, "c": X[:2].astype(complex), "e": np.zeros((0, 3))}
    for name, options in (("v5", {}), ("v5_packed", {"do_compression": True}), ("v4", {"format": "4"})):
        attempt(name, lambda: savemat(at(f"{name}.mat"), {"w": X} if name == "v4" else content, **options))

    def hdf():
        import h5py

        with h5py.File(at("v73.mat"), "w", userblock_size=512) as file:
            file["w"] = X.T
            file["w"].attrs["MATLAB_class"] = np.bytes_("single")
            cells = [file.create_dataset(f"#refs#/{letter}", data=np.array([[ord(letter)]], np.uint16)) for letter in "ab"]
            file["names"] = np.array([[cell.ref for cell in cells]], dtype=h5py.ref_dtype)
            file["names"].attrs["MATLAB_class"] = np.bytes_("cell")
        with open(at("v73.mat"), "r+b") as file:
            head = b"MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Fri Nov 21 13:00:00 2026 HDF5 schema 1.00 .".ljust(116) + bytes(8) + b"\0\2IM"
            file.write(head)

    attempt("v7.3", hdf)


@part
def tables():
    import pyarrow as pa
    import pyarrow.feather
    import pyarrow.orc
    import pyarrow.parquet

    at = place("tables")
    table = pa.table({"x": X[:, 0], "text": (TEXTS * 3)[:120], "list": [[1, 2]] * 120, "kind": pa.array(["a", "b"] * 60).dictionary_encode()})
    for packed in ("snappy", "gzip", "zstd", "lz4", "brotli", "none"):
        attempt(packed, lambda: pa.parquet.write_table(table, at(f"{packed}.parquet"), compression=packed))
    for packed in ("lz4", "zstd", "uncompressed"):
        pa.feather.write_feather(table, at(f"{packed}.feather"), compression=packed)
    with pa.OSFile(at("stream.arrows"), "wb") as file, pa.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table)
    pa.orc.write_table(table.drop_columns(["kind"]), at("table.orc"))
