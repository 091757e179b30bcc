"""Plain data that dill and cloudpickle wrote."""

import collections
import contextlib

from honest.objects.frame import dump, writes


@writes
def carried_code():
    """dill and cloudpickle files of plain data; functions carry code and are told apart by write-code."""
    import datetime
    import numpy as np
    for name in ("dill", "cloudpickle"):
        try:
            writer = __import__(name)
        except ImportError:
            print(f"skipped {name}")
            continue
        data = {"a": [1, (2.0, "x")], "b": np.arange(3), "d": datetime.datetime.now(), "o": collections.OrderedDict(a=1),
                "c": collections.Counter("a"), "s": {1}, "r": range(3), "z": np.float32(1), "t": int, "f": np.sin, "l": len,
                "n": np.dtype("f4"), "none": type(None), "types": [dict, list, bytes, type], "ellipsis": ...}
        dump(f"{name}_plain", data, writer=writer)
        with contextlib.suppress(ImportError):
            import sklearn.linear_model
            dump(f"{name}_sklearn", sklearn.linear_model.LogisticRegression().fit(np.random.rand(9, 2), [0, 1, 0] * 3), writer=writer)
        with contextlib.suppress(ImportError):
            import pandas
            dump(f"{name}_pandas", pandas.DataFrame({"a": [1]}), writer=writer)
