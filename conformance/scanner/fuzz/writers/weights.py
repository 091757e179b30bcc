"""Weights: safetensors, GGUF, Flax, torch and skops."""

import collections

from writers.material import path, write


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
