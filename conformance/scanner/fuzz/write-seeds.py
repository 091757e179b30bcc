"""Writes small honest files with the real libraries that are installed: write-seeds.py DIRECTORY. See seeds/README.md."""

import bz2
import collections
import datetime
import gzip
import io
import json
import lzma
import os
import pickle
import struct
import sys
import tarfile
import zipfile
import zlib

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


class Point:
    __slots__ = ("x",)

    def __getstate__(self):
        return (None, {"x": 1})


class Keyed:
    def __new__(cls, *, a=0):
        return super().__new__(cls)

    def __getnewargs_ex__(self):
        return (), {"a": 1}


def pickles():
    for protocol in range(6):
        write(f"rich-p{protocol}.pkl", pickle.dumps(RICH, protocol))
    write("slots-p2.pkl", pickle.dumps([Point(), Keyed()], 2))
    write("keyed-p4.pkl", pickle.dumps(Keyed(), 4))
    buffers = []
    write("out-of-band-p5.pkl", pickle.dumps([pickle.PickleBuffer(b"abc"), pickle.PickleBuffer(bytearray(b"d"))], 5, buffer_callback=buffers.append))

    class Persist(pickle.Pickler):
        def persistent_id(self, value):
            return "id" if value == "p" else None

    for protocol in (0, 2):
        out = io.BytesIO()
        Persist(out, protocol).dump(["p", {"k": "p"}])
        write(f"persistent-p{protocol}.pkl", out.getvalue())
    import copyreg

    copyreg.add_extension("collections", "OrderedDict", 300)
    copyreg.add_extension("datetime", "date", 3)
    copyreg.add_extension("datetime", "time", 70000)
    write("extension-p2.pkl", pickle.dumps([collections.OrderedDict(a=1), datetime.date(2020, 1, 1), datetime.time(1)], 2))
    for module, name, code in (("collections", "OrderedDict", 300), ("datetime", "date", 3), ("datetime", "time", 70000)):
        copyreg.remove_extension(module, name, code)
    write("two-streams.pkl", pickle.dumps([1], 4) + pickle.dumps({"a": 2}, 2) + pickle.dumps("x", 0))


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


TEXT = json.dumps({"a": list(range(60)), "b": "the quick brown fox " * 8}).encode()


def compressed():
    data = pickle.dumps(RICH, 4)
    write("rich.pkl.gz", gzip.compress(data, mtime=0))
    out = io.BytesIO()
    with gzip.GzipFile("model.pkl", "wb", 9, out, mtime=1) as file:
        file.write(data)
    write("named.pkl.gz", out.getvalue() + gzip.compress(b"", mtime=0))
    write("rich.pkl.bz2", bz2.compress(data, 1))
    write("text.bz2", bz2.compress(TEXT * 30, 9) + bz2.compress(b"a" * 5000))
    write("rich.pkl.xz", lzma.compress(data, lzma.FORMAT_XZ, lzma.CHECK_CRC64))
    write("text.xz", lzma.compress(TEXT, lzma.FORMAT_XZ, lzma.CHECK_SHA256) + lzma.compress(os.urandom(0) + bytes(range(256)) * 2, check=lzma.CHECK_NONE))
    delta = [{"id": lzma.FILTER_DELTA, "dist": 4}, {"id": lzma.FILTER_LZMA2, "preset": 6}]
    write("delta.xz", lzma.compress(data, lzma.FORMAT_XZ, filters=delta))
    x86 = [{"id": lzma.FILTER_X86}, {"id": lzma.FILTER_LZMA2, "lc": 0, "lp": 2, "pb": 0}]
    write("x86.xz", lzma.compress(data, lzma.FORMAT_XZ, filters=x86))
    write("rich.pkl.lzma", lzma.compress(data, lzma.FORMAT_ALONE))
    write("text.lzma", lzma.compress(TEXT * 4, lzma.FORMAT_ALONE, filters=[{"id": lzma.FILTER_LZMA1, "lc": 2, "lp": 1, "pb": 0}]))
    write("rich.pkl.zlib", zlib.compress(data))
    import lz4.block
    import lz4.frame
    import zstandard

    write("rich.pkl.lz4", lz4.frame.compress(data))
    write("full.lz4", lz4.frame.compress(TEXT * 3, content_checksum=True, block_checksum=True, block_linked=False, store_size=True))
    write("linked.lz4", lz4.frame.compress(TEXT * 40, block_size=lz4.frame.BLOCKSIZE_MAX64KB, block_linked=True) + lz4.frame.compress(os.urandom(0) + bytes(range(256))))
    write("rich.pkl.zst", zstandard.ZstdCompressor(level=3).compress(data))
    write("text.zst", zstandard.ZstdCompressor(level=19, write_checksum=True).compress(TEXT * 3))
    writer = zstandard.ZstdCompressor(level=1, write_content_size=False).compressobj()
    write("stream.zst", writer.compress(TEXT) + writer.flush())


def archives():
    data = pickle.dumps(RICH, 4)
    with zipfile.ZipFile(path("mixed.zip"), "w") as file:
        for index, method in enumerate((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)):
            file.writestr(f"dir/{index}.pkl", data[:300], method)
        file.writestr("config.json", TEXT, zipfile.ZIP_DEFLATED)
        file.comment = b"a comment"
        file.mkdir("empty")
    with zipfile.ZipFile(path("zip64.zip"), "w") as file:
        with file.open("a.pkl", "w", force_zip64=True) as member:
            member.write(data)

    class Stream(io.BytesIO):
        def seekable(self):
            return False

        def tell(self):
            raise OSError

    out = Stream()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("streamed.pkl", data)
        file.writestr("packed.txt", TEXT, zipfile.ZIP_DEFLATED)
    write("streamed.zip", out.getvalue())
    for name, form in (("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT), ("ustar", tarfile.USTAR_FORMAT)):
        with tarfile.open(path(f"{name}.tar"), "w", format=form) as file:
            for member in ("model.pkl", f"{'deep/' * 15}é.json" if form != tarfile.USTAR_FORMAT else "b.json"):
                info = tarfile.TarInfo(member)
                info.size = len(data) if member.endswith("pkl") else len(TEXT)
                file.addfile(info, io.BytesIO(data if member.endswith("pkl") else TEXT))
            link = tarfile.TarInfo("link")
            link.type, link.linkname = tarfile.SYMTYPE, "model.pkl"
            file.addfile(link)
            folder = tarfile.TarInfo("folder")
            folder.type = tarfile.DIRTYPE
            file.addfile(folder)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as file:
        info = tarfile.TarInfo("model.pkl")
        info.size = len(data)
        file.addfile(info, io.BytesIO(data))
    write("model.tar.gz", out.getvalue())
    import py7zr

    chains = {
        "lzma2": None, "copy": [{"id": py7zr.FILTER_COPY}], "deflate": [{"id": py7zr.FILTER_DEFLATE}], "bzip2": [{"id": py7zr.FILTER_BZIP2}],
        "lzma": [{"id": py7zr.FILTER_LZMA}], "x86": [{"id": py7zr.FILTER_X86}, {"id": py7zr.FILTER_LZMA2, "preset": 6}],
        "delta": [{"id": py7zr.FILTER_DELTA}, {"id": py7zr.FILTER_LZMA2, "preset": 6}],
        "zstd": [{"id": py7zr.FILTER_ZSTD}], "ppmd": [{"id": py7zr.FILTER_PPMD, "order": 6, "mem": 16 << 10}],
    }
    for name, filters in chains.items():
        try:
            with py7zr.SevenZipFile(path(f"{name}.7z"), "w", filters=filters) as file:
                file.set_encoded_header_mode(name in ("lzma2", "x86"))
                file.writestr(data, "model.pkl")
                file.writestr(TEXT, "config.json")
                file.writestr(b"", "empty.txt")
        except Exception as error:
            print(f"skipped {name}.7z: {error}")


def branches():
    """Code filters of xz and 7z, over bytes that look like calls of every machine that they know."""
    import shutil
    import subprocess
    import tempfile

    code = b"".join(struct.pack("<I", word) + struct.pack(">I", word) for word in (
        0xE8001234, 0x0000E8E9, 0xEB000123, 0xF000F812, 0x48001231, 0x40000012, 0x7FC01234, 0x94000123, 0x90000045, 0x00000297, 0x00412083, 0x010000EF,
    )) * 3 + b"\xe8\x12\x34\x00\x00\xe9\x12\x34\xff\xff\x0f\x84\x12\x00\x00\x00" * 6
    for name in ("ARM", "ARMTHUMB", "IA64", "POWERPC", "SPARC"):
        chain = [{"id": getattr(lzma, f"FILTER_{name}")}, {"id": lzma.FILTER_LZMA2, "preset": 6}]
        write(f"{name.lower()}.xz", lzma.compress(code, lzma.FORMAT_XZ, filters=chain))
    write("legacy.lz4", subprocess.run(["lz4", "-l", "-c"], input=TEXT * 4, capture_output=True, check=True).stdout)
    skip = struct.pack("<II", 0x184D2A53, 5) + b"hello"
    for name in ("rich.pkl.lz4", "rich.pkl.zst"):
        with open(path(name), "rb") as file:
            write(f"skip-{name}", skip + file.read())
    folder = tempfile.mkdtemp()
    for name, content in (("code.bin", code), ("model.pkl", pickle.dumps(RICH, 4)), ("config.json", TEXT), ("empty.txt", b"")):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)
    os.symlink("model.pkl", os.path.join(folder, "link.pkl"))
    os.mkdir(os.path.join(folder, "sub"))
    methods = {
        "bcj2": ["-m0=BCJ2", "-m1=LZMA", "-m2=LZMA", "-m3=LZMA", "-mb0:1", "-mb0s1:2", "-mb0s2:3"], "arm64": ["-m0=ARM64", "-m1=LZMA2"],
        "riscv": ["-m0=RISCV", "-m1=LZMA2"], "arm": ["-m0=ARM", "-m1=LZMA"], "armt": ["-m0=ARMT", "-m1=LZMA"], "ppc": ["-m0=PPC", "-m1=LZMA"],
        "sparc": ["-m0=SPARC", "-m1=Copy"], "ia64": ["-m0=IA64", "-m1=Copy"], "swap2": ["-m0=Swap2", "-m1=LZMA"], "swap4": ["-m0=Swap4", "-m1=LZMA"],
        "delta4": ["-m0=Delta:4", "-m1=LZMA"], "deflate64": ["-m0=Deflate64"], "ppmd": ["-m0=PPMD"], "split": ["-ms=off", "-m0=LZMA2"],
        "plain-header": ["-mhc=off", "-m0=BZip2"], "secret": ["-psecret", "-m0=LZMA2"], "hidden": ["-psecret", "-mhe=on"],
    }
    for name, options in methods.items():
        target = os.path.join(folder, f"{name}.7z")
        files = ["code.bin", "model.pkl", "config.json", "empty.txt", "link.pkl", "sub"]
        made = subprocess.run(["7zz", "a", "-snl", *options, target, *files], cwd=folder, capture_output=True)
        if made.returncode != 0:
            print(f"skipped {name}.7z: {made.stderr[-200:]}")
            continue
        with open(target, "rb") as file:
            write(f"7zz-{name}.7z", file.read())
    target = os.path.join(folder, "many.zip")
    subprocess.run(["7zz", "a", "-tzip", "-mm=Deflate64", target, "config.json"], cwd=folder, capture_output=True)
    subprocess.run(["7zz", "a", "-tzip", "-mm=LZMA", target, "model.pkl"], cwd=folder, capture_output=True)
    subprocess.run(["7zz", "a", "-tzip", "-snl", "-psecret", target, "code.bin", "link.pkl"], cwd=folder, capture_output=True)
    with open(target, "rb") as file:
        write("7zz-many.zip", file.read())
    shutil.rmtree(folder)


def unix_archives():
    """GNU tar's four forms of files with holes, and cpio and ar where they are installed."""
    import shutil
    import subprocess
    import tempfile

    folder = tempfile.mkdtemp()
    with open(os.path.join(folder, "holes.pkl"), "wb") as file:
        file.write(pickle.dumps(RICH, 4))
        file.truncate(1 << 17)
        file.seek(1 << 16)
        file.write(b"end")
    with open(os.path.join(folder, "a-name-that-is-longer-than-sixteen.json"), "wb") as file:
        file.write(TEXT)
    forms = {"gnu": ["--format=gnu"], "pax0": ["--format=pax", "--sparse-version=0.0"], "pax01": ["--format=pax", "--sparse-version=0.1"], "pax1": ["--format=pax", "--sparse-version=1.0"]}
    for name, options in forms.items():
        made = subprocess.run(["tar", "-c", "-S", "-b1", *options, "holes.pkl"], cwd=folder, capture_output=True, check=True)
        write(f"sparse-{name}.tar", made.stdout)
    names = b"a-name-that-is-longer-than-sixteen.json\n"
    for form in ("newc", "crc", "odc", "bin"):
        if shutil.which("cpio"):
            made = subprocess.run(["cpio", "-o", "-H", form], cwd=folder, input=names, capture_output=True)
            write(f"{form}.cpio", made.stdout)
    if shutil.which("ar"):
        subprocess.run(["ar", "qc", "made.ar", names.decode().strip()], cwd=folder, check=True)
        with open(os.path.join(folder, "made.ar"), "rb") as file:
            write("gnu.ar", file.read())
    shutil.rmtree(folder)


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


def onnx_models():
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    info = helper.make_tensor_value_info
    x, y = info("x", TensorProto.FLOAT, [1]), info("y", TensorProto.FLOAT, [1])
    cond = info("c", TensorProto.BOOL, [])
    branch = lambda name: helper.make_graph([helper.make_node("Constant", [], ["y"], value=numpy_helper.from_array(np.ones(1, "f4")))], name, [], [y])
    node = helper.make_node("If", ["c"], ["y"], then_branch=branch("t"), else_branch=branch("e"))
    custom = helper.make_node("Double", ["x"], ["z"], domain="mine")
    gelu = helper.make_node("Gelu", ["x"], ["g"], domain="com.microsoft")
    function = helper.make_function("mine", "Double", ["a"], ["b"], [helper.make_node("Add", ["a", "a"], ["b"])], [helper.make_opsetid("", 18)])
    weight = numpy_helper.from_array(np.ones((2, 2), "f4"), "w")
    outside = TensorProto(name="e", data_type=1, dims=[4], data_location=TensorProto.EXTERNAL)
    for key, value in (("location", "weights.bin"), ("offset", "0"), ("length", "16")):
        outside.external_data.add(key=key, value=value)
    sparse = onnx.SparseTensorProto(values=numpy_helper.from_array(np.ones(1, "f4"), "s"), indices=numpy_helper.from_array(np.zeros(1, "i8")), dims=[4])
    graph = helper.make_graph([node, custom, gelu], "g", [x, cond], [y], [weight, outside], sparse_initializer=[sparse])
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("mine", 1), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, functions=[function], opset_imports=opsets, producer_name="p")
    training = model.training_info.add()
    training.algorithm.CopyFrom(branch("a"))
    helper.set_model_props(model, {"k": "v"})
    write("rich.onnx", model.SerializeToString())


def others():
    import msgpack
    import numpy as np
    from gguf import GGUFWriter
    from safetensors.numpy import save

    write("two.safetensors", save({"a": np.ones((2, 2), "f4"), "b": np.zeros(3, "i8")}, metadata={"format": "pt"}))
    writer = GGUFWriter(path("rich.gguf"), "llama")
    writer.add_chat_template("{% for m in messages %}{{ m['content'] }}{% if loop.last %}{{ eos_token }}{% endif %}{% endfor %}")
    writer.add_token_list(["a", "b"])
    writer.add_token_scores([0.5, 1.5])
    writer.add_context_length(8)
    writer.add_bool("flag", True)
    for kind, value in (("uint8", 1), ("int8", -1), ("uint16", 2), ("int16", -2), ("int32", -3), ("float32", 1.5), ("uint64", 9), ("int64", -9), ("float64", 2.5)):
        getattr(writer, f"add_{kind}")(f"k.{kind}", value)
    writer.add_tensor("w", np.ones((4, 4), "f4"))
    writer.add_tensor("b", np.ones(4, "f2"))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    array = msgpack.ExtType(1, msgpack.packb(((2,), "float32", b"\0" * 8)))
    params = {"params": {"dense": {"kernel": array, "bias": msgpack.ExtType(3, b"x" * 16)}}, "step": 1, "f": 1.5, "n": None, "b": [True, False], "neg": [-1, -200, -70000, -(2**40)], "pos": [200, 70000, 2**40], "s": ["x" * 40, "y" * 300], "bin": b"z" * 300, "many": list(range(20)), "map": {str(i): i for i in range(20)}}
    write("flax.msgpack", msgpack.packb(params))


def coreml():
    import coremltools as ct
    from coremltools.models import datatypes
    from coremltools.models.neural_network import NeuralNetworkBuilder
    from coremltools.models.pipeline import Pipeline
    from coremltools.models.tree_ensemble import TreeEnsembleRegressor

    ends = [("x", datatypes.Array(2))], [("y", datatypes.Array(1))]
    builder = NeuralNetworkBuilder(*ends)
    builder.add_inner_product("d", __import__("numpy").ones((1, 2), "f4"), None, 2, 1, False, "x", "y")
    write("network.mlmodel", builder.spec.SerializeToString())
    layer = builder.spec.neuralNetwork.layers.add(name="c", input=["y"], output=["z"])
    layer.custom.className = "MyLayer"
    write("custom.mlmodel", builder.spec.SerializeToString())
    pipeline = Pipeline(*ends)
    pipeline.add_model(builder.spec)
    write("pipeline.mlmodel", pipeline.spec.SerializeToString())
    linked = ct.proto.Model_pb2.Model(specificationVersion=4)
    linked.description.input.add(name="x")
    linked.linkedModel.linkedModelFile.linkedModelFileName.defaultValue = "inner.mlmodelc"
    write("linked.mlmodel", linked.SerializeToString())
    own = ct.proto.Model_pb2.Model(specificationVersion=2)
    own.description.input.add(name="x")
    own.customModel.className = "Mine"
    write("own.mlmodel", own.SerializeToString())


def torch_files():
    import torch

    state = collections.OrderedDict(w=torch.ones(2, 2), h=torch.zeros(3, dtype=torch.float16), i=torch.arange(2))
    state["view"] = state["w"][0]
    torch.save({"state": state, "epoch": 1}, path("state.pt"))
    torch.save({"state": state, "lr": 0.1}, path("legacy.pt"), _use_new_zipfile_serialization=False)
    torch.save(torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.ReLU()), path("module.pt"))
    torch.jit.save(torch.jit.script(torch.nn.Linear(2, 1)), path("script.pt"))


def skops_file():
    import numpy as np
    import skops.io
    from sklearn.linear_model import LinearRegression

    skops.io.dump(LinearRegression().fit(np.array([[0.0], [1]]), [0, 1]), path("linear.skops"))


def tensorflow_files():
    import tempfile

    import tensorflow as tf

    class Net(tf.Module):
        def __init__(self):
            self.w = tf.Variable([1.0, 2.0])
            self.table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["a"], [1]), 0)

        @tf.function(input_signature=[tf.TensorSpec([2])])
        def __call__(self, x):
            return tf.cond(tf.reduce_sum(x) > 0, lambda: x * self.w, lambda: x)

    net = Net()
    folder = tempfile.mkdtemp()
    tf.saved_model.save(net, folder)
    with open(os.path.join(folder, "saved_model.pb"), "rb") as file:
        write("saved_model.pb", file.read())
    function = tf.function(lambda x: x * 2 + 1).get_concrete_function(tf.TensorSpec([2]))
    write("graph.pb", function.graph.as_graph_def().SerializeToString())
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function])
    write("plain.tflite", converter.convert())
    model = tf.keras.Sequential([tf.keras.Input((2,)), tf.keras.layers.Dense(1, activation="relu")])
    model.save(path("dense.keras"))
    model.save(path("dense-legacy.h5"))


def main():
    for work in (pickles, arrays, compressed, archives, branches, unix_archives, hdf5, onnx_models, others, coreml, torch_files, skops_file, tensorflow_files):
        try:
            work()
        except Exception as error:
            print(f"skipped {work.__name__}: {type(error).__name__}: {error}")


main()
