"""Writes small honest files with the real libraries that are installed: write-seeds.py DIRECTORY. See seeds/README.md."""

import collections
import datetime
import io
import pickle

from writers.archives import archives, branches, unix_archives
from writers.arrays import arrays, hdf5
from writers.compressed import compressed
from writers.graphs import coreml, onnx_models, tensorflow_files
from writers.material import RICH, write
from writers.weights import others, skops_file, torch_files


# Pickles name these by `__main__`.
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


def main():
    for work in (pickles, arrays, compressed, archives, branches, unix_archives, hdf5, onnx_models, others, coreml, torch_files, skops_file, tensorflow_files):
        try:
            work()
        except Exception as error:
            print(f"skipped {work.__name__}: {type(error).__name__}: {error}")


main()
