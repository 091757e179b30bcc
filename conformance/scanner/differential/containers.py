"""Writes containers that readers may read in several ways, and asks real readers what they hand on: containers.py OUT COUNT SEED.

Somewhere in each lies a pickle that would call `posix.system`. Real loaders read it with `find_class` replaced, so that
nothing is called; a line of JSON names each file and the loaders that came to it. Needs nothing but Python; numpy,
joblib and torch are asked where they are installed.
"""

import bz2
import gzip
import io
import json
import lzma
import os
import pickle
import random
import signal
import struct
import sys
import tarfile
import types
import warnings
import zipfile
import zlib

warnings.simplefilter("ignore")
EVIL = b"\x80\x02cposix\nsystem\nX\x04\x00\x00\x00true\x85R."
GOOD = b"\x80\x02}q\x00X\x01\x00\x00\x00aq\x01K\x01s."
REACHED = []


class Reached(Exception):
    pass


def refuse(self, module, name):
    if (module, name) == ("posix", "system"):
        REACHED.append(True)
        raise Reached()
    return self.plain_find_class(module, name)


class Recorder(pickle.Unpickler):
    plain_find_class = pickle.Unpickler.find_class
    find_class = refuse


def load(file, **options):
    options.pop("mmap_mode", None)
    return Recorder(file, **options).load()


def loads(data, **options):
    return load(io.BytesIO(data), **options)


RECORDING = types.ModuleType("recording")
RECORDING.__dict__.update(vars(pickle), Unpickler=Recorder, load=load, loads=loads)


def saw(data):
    """What a program does that takes a member for a pickle."""
    try:
        loads(data)
    except Exception:
        pass


def zipfile_loader(path):
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            for key in (info, info.filename):
                try:
                    saw(archive.read(key))
                except Exception:
                    pass


def tar_loader(mode):
    def run(path):
        with tarfile.open(path, mode) as archive:
            for member in archive:
                try:
                    file = archive.extractfile(member)
                    if file is not None:
                        saw(file.read(1 << 20))
                except Exception:
                    pass
    return run


def numpy_loader(path):
    import numpy

    result = numpy.load(path, allow_pickle=True)
    if hasattr(result, "files"):
        for name in result.files:
            try:
                result[name]
            except Reached:
                raise
            except Exception:
                pass


def joblib_loader(path):
    import joblib

    joblib.load(path)


def torch_loader(path):
    import torch

    options = {"weights_only": False} if "weights_only" in torch.load.__code__.co_varnames else {}
    torch.load(path, map_location="cpu", pickle_module=RECORDING, **options)


def pickle_loader(path):
    with open(path, "rb") as file:
        load(file)


def late(number, frame):
    raise TimeoutError()


def prepare():
    """The loaders that are installed, with recorders in the place of their unpicklers."""
    loaders = {"zipfile": (zipfile_loader, "model.zip"), "tarfile": (tar_loader("r:*"), "model.tar"), "tarfile stream": (tar_loader("r|*"), "model.tar"), "pickle": (pickle_loader, "model.pkl")}
    try:
        import numpy

        modules = [numpy.lib.format] + [getattr(numpy.lib, name) for name in ("npyio", "_npyio_impl", "_format_impl") if hasattr(numpy.lib, name)]
        for module in modules:
            if hasattr(module, "pickle"):
                module.pickle = RECORDING
        loaders["numpy"] = (numpy_loader, "model.npz")
    except ImportError:
        print("skipped: numpy is not installed", file=sys.stderr)
    try:
        from joblib import numpy_pickle

        numpy_pickle.NumpyUnpickler.plain_find_class = pickle._Unpickler.find_class
        numpy_pickle.NumpyUnpickler.find_class = refuse
        loaders["joblib"] = (joblib_loader, "model.joblib")
    except ImportError:
        print("skipped: joblib is not installed", file=sys.stderr)
    try:
        import torch

        torch.serialization.pickle = RECORDING  # torch 1.13 does not use the module that it is given
        loaders["torch"] = (torch_loader, "model.pt")
    except ImportError:
        print("skipped: torch is not installed", file=sys.stderr)
    return loaders


NAMES = ["archive/data.pkl", "archive/data.pkl", "archive/version", "archive/byteorder", "archive/data/0", "data.pkl", "a.npy", "a", "archive\\data.pkl", "ARCHIVE/data.pkl", "archive/data.pkl\0x", "archive//data.pkl", "./archive/data.pkl", "archive/../archive/data.pkl", "m\u00e9.pkl", "other/data.pkl"]
LOCAL = "<IHHHHHIIIHH"
CENTRAL = "<IHHHHHHIIIHHHHHII"
END = "<IHHHHIIH"


def npy(data):
    head = b"{'descr': '|O', 'fortran_order': False, 'shape': (), }"
    head += b" " * (64 - (len(head) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + data


def tweak(rng, values, first):
    """Changes one field after `first` to something that is plausible elsewhere."""
    at = rng.randrange(first, len(values))
    values[at] = rng.choice([0, 1, 8, 0xFFFF, values[at] + 1, max(0, values[at] - 1), values[rng.randrange(1, len(values))], rng.randrange(0, 400), 0xFFFFFFFF]) & (0xFFFFFFFF if at >= 6 else 0xFFFF)


def pack(form, values):
    sizes = [0xFFFF if c == "H" else 0xFFFFFFFF for c in form[1:]]
    return struct.pack(form, *[value & size for value, size in zip(values, sizes)])


def extra(rng, name):
    kind = rng.randrange(8)
    if kind == 0:
        other = rng.choice(NAMES).encode()
        body = b"\x01" + struct.pack("<I", zlib.crc32(name)) + other
        return struct.pack("<HH", 0x7075, len(body)) + body
    if kind == 1:
        body = struct.pack("<QQQ", rng.randrange(300), rng.randrange(300), rng.randrange(300))
        return struct.pack("<HH", 1, len(body)) + body
    if kind == 2:
        return struct.pack("<HH", 0x4246, 5) + b"ZZZZZ"
    return b""


def zip_case(rng):
    out = bytearray()
    if rng.random() < 0.1:
        out += rng.choice([b"x" * rng.randrange(1, 70), EVIL, GOOD, b"PK\x05\x06" + bytes(18)])
    entries = []
    count = rng.randrange(1, 5)
    evil = rng.randrange(count)
    torch = ["archive/data.pkl", "archive/version", "archive/byteorder", "archive/data.pkl"] if rng.random() < 0.5 else []
    count += len(torch) // 2
    for index in range(count):
        name = (torch.pop(0) if torch else rng.choice(NAMES)).encode("utf8")
        data = EVIL if index == evil or rng.random() < 0.1 else GOOD
        if name in (b"archive/version", b"archive/byteorder") and index != evil:
            data = b"3\n" if name.endswith(b"version") else b"little"
        if name in (b"a.npy", b"a") and rng.random() < 0.8:
            data = npy(data)
        method = rng.choice([0, 0, 0, 8, 12, 14])
        packed = data
        if method == 8:
            packer = zlib.compressobj(6, zlib.DEFLATED, -15)
            packed = packer.compress(data) + packer.flush()
        elif method == 12:
            packed = bz2.compress(data)
        elif method == 14:
            body = lzma.compress(data, lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA1}])
            packed = struct.pack("<BBH", 9, 4, 5) + b"\x5d\x00\x00\x80\x00" + body
        crc = zlib.crc32(data)
        flags = rng.choice([0, 0, 0, 0x800, 8, 1])
        offset = len(out)
        more = extra(rng, name) if rng.random() < 0.2 else b""
        local_name = rng.choice(NAMES).encode() if rng.random() < 0.08 else name
        local = [0x04034B50, 20, flags, method, 0, 0, crc, len(packed), len(data), len(local_name), len(more)]
        if flags & 8 and rng.random() < 0.7:
            local[6:9] = [0, 0, 0]
        if rng.random() < 0.15:
            tweak(rng, local, 1)
        out += pack(LOCAL, local) + local_name + more + packed
        if flags & 8:
            out += rng.choice([b"PK\x07\x08", b""]) + struct.pack("<III", crc, len(packed), len(data))
        if rng.random() < 0.06:
            out += rng.choice([b"gap", EVIL, GOOD, b"PK\x03\x04"])
        entries.append([name, rng.choice([more, b""]), [0x02014B50, 20, 20, flags, method, 0, 0, crc, len(packed), len(data), len(name), len(more), 0, 0, 0, 0, offset]])
    if rng.random() < 0.15:
        entries.append(entries[rng.randrange(len(entries))])
    if rng.random() < 0.12 and len(entries) > 1:
        entries.pop(rng.randrange(len(entries)))
    if rng.random() < 0.12:
        rng.shuffle(entries)
    out += finish(rng, entries, len(out))
    if rng.random() < 0.12:
        out += finish(rng, entries[: rng.randrange(len(entries) + 1)], len(out))
    if rng.random() < 0.08:
        out += rng.choice([b"\0" * rng.randrange(1, 60), EVIL, b"tail", b"PK\x05\x06" + bytes(18)])
    return bytes(out)


def finish(rng, entries, start):
    directory = bytearray()
    for name, more, values in entries:
        values = list(values)
        if rng.random() < 0.1:
            name = rng.choice(NAMES).encode()
        comment = EVIL if rng.random() < 0.02 else b""
        values[10], values[11], values[12] = len(name), len(more), len(comment)
        if rng.random() < 0.12:
            tweak(rng, values, 1)
        directory += pack(CENTRAL, values) + name + more + comment
    tail = b""
    end = [0x06054B50, 0, 0, len(entries), len(entries), len(directory), start, 0]
    if rng.random() < 0.15:
        wide = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, len(entries), len(entries), len(directory), start + rng.choice([0, 0, 0, 1, -5, 46]) if start > 5 else start)
        tail = wide + struct.pack("<IIQI", 0x07064B50, 0, start + len(directory) + rng.choice([0, 0, 0, 7]), 1)
        if rng.random() < 0.6:
            end[3:7] = [0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF]
    comment = rng.choice([b"", b"", b"", b"a comment", EVIL, b"PK\x05\x06" + bytes(18)])
    end[7] = len(comment)
    if rng.random() < 0.12:
        tweak(rng, end, 1)
    return bytes(directory) + tail + pack(END, end) + comment


def tar_case(rng):
    buffer = io.BytesIO()
    form = rng.choice([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        count = rng.randrange(1, 4)
        evil = rng.randrange(count)
        for index in range(count):
            data = EVIL if index == evil else GOOD
            info = tarfile.TarInfo(rng.choice(["model.pkl", "a/b.pkl", "x" * 120 + ".pkl", "weights.bin"]))
            info.size = len(data)
            info.type = rng.choice([tarfile.REGTYPE] * 6 + [tarfile.AREGTYPE, tarfile.CONTTYPE, tarfile.GNUTYPE_SPARSE, tarfile.LNKTYPE, b"Z", tarfile.DIRTYPE])
            if form == tarfile.PAX_FORMAT and rng.random() < 0.3:
                info.pax_headers = rng.choice([{"size": str(rng.randrange(0, 600))}, {"path": "other.pkl"}, {"GNU.sparse.name": "s.pkl", "GNU.sparse.size": "40"}, {"comment": "x"}])
            try:
                archive.addfile(info, io.BytesIO(data))
            except Exception:
                pass
    out = bytearray(buffer.getvalue())
    for _ in range(rng.choice([0, 0, 1, 2, 3])):
        block = 512 * rng.randrange(len(out) // 512)
        at = block + rng.choice([0, 99, 100, 124, 125, 134, 135, 148, 156, 257, 263, 345])
        out[at] = rng.choice([0, 32, 48, 49, 53, 55, 0x80, 0xFF, rng.randrange(256)])
        if rng.random() < 0.8:
            out[block + 148 : block + 156] = b" " * 8
            out[block + 148 : block + 156] = b"%06o\0 " % sum(out[block : block + 512])
    if rng.random() < 0.15:
        second = tar_case(rng)
        out = out.rstrip(b"\0") + bytes(512) + second if rng.random() < 0.5 else out + second
    return rng.choice([bytes, bytes, gzip.compress, bz2.compress, lzma.compress])(bytes(out))


def compressed_case(rng):
    packers = [gzip.compress, bz2.compress, lzma.compress, zlib.compress, lambda data: lzma.compress(data, lzma.FORMAT_ALONE), lambda data: b"ZF" + hex(len(data)).encode().ljust(19) + zlib.compress(data)]
    pack_one = rng.choice(packers)
    if rng.random() < 0.3:
        cut = rng.randrange(1, len(EVIL))
        out = pack_one(EVIL[:cut]) + pack_one(EVIL[cut:])
    else:
        out = pack_one(EVIL if rng.random() < 0.7 else GOOD + EVIL)
    if rng.random() < 0.1:
        out = rng.choice(packers)(out)
    out = bytearray(out)
    for _ in range(rng.choice([0, 0, 1, 2])):
        out[rng.randrange(len(out))] = rng.randrange(256)
    if rng.random() < 0.2:
        out += rng.choice([b"\0" * 9, b"tail", gzip.compress(EVIL)])
    if rng.random() < 0.15:
        out = out[: rng.randrange(1, len(out))]
    return bytes(out)


def npy_case(rng):
    version = rng.choice([b"\x01\x00", b"\x02\x00", b"\x03\x00", b"\x01\x01"])
    head = rng.choice(["{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "{'descr': [('a', '|O')], 'fortran_order': True, 'shape': (), }", "{'shape': (2L,), 'descr': 'O', 'fortran_order': False}", "{'descr': '<f8', 'fortran_order': False, 'shape': (0,), }", "{'descr': ('|O', (2,)), 'fortran_order': False, 'shape': (1,)}", "{ 'descr' : 'object' , 'fortran_order' : 0==0, 'shape':()}", "{'descr': 'O8', 'fortran_order': False, 'shape': (1,), }"]).encode() + rng.choice([b" " * 20 + b"\n", b"\n", b"", b"\n\n"])
    size = struct.pack("<H" if version[0] == 1 else "<I", len(head) + rng.choice([0, 0, 0, 1]))
    out = bytearray(b"\x93NUMPY" + version + size + head + EVIL)
    if rng.random() < 0.3:
        out[rng.randrange(len(out))] = rng.randrange(256)
    return bytes(out)


def main():
    out, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    except ImportError:
        pass
    os.makedirs(out, exist_ok=True)
    signal.signal(signal.SIGALRM, late)
    loaders = prepare()
    for number in range(count):
        rng = random.Random(seed * 1000003 + number)
        kind, make, asked = rng.choice([("zip", zip_case, ("zipfile", "numpy", "torch", "joblib"))] * 6 + [("tar", tar_case, ("tarfile", "tarfile stream", "torch"))] * 3 + [("compressed", compressed_case, ("joblib", "numpy", "tarfile", "pickle"))] * 2 + [("npy", npy_case, ("numpy", "joblib", "pickle"))])
        data = make(rng)
        path = os.path.join(out, "%s-%06d" % (kind, number))
        with open(path, "wb") as file:
            file.write(data)
        names = {}
        for loader in asked:
            if loader not in loaders:
                continue
            run, name = loaders[loader]
            del REACHED[:]
            try:
                signal.setitimer(signal.ITIMER_REAL, 2)
                run(path)
            except Exception:
                pass
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            if REACHED:
                names[loader] = name
        print(json.dumps({"file": path, "kind": kind, "reached": names}), flush=True)


main()
