"""Tensors without a program: safetensors, GGUF, Flax and Orbax."""

import os

from honest.more.fitted import dump
from parts import attempt, part


@part
def safetensors():
    import numpy as np
    from safetensors.numpy import save_file

    save_file({"a": np.ones((2, 3), "f4"), "b": np.zeros(4, "i8"), "empty": np.zeros((0,), "f4"), "scalar": np.array(1.0)}, "plain.safetensors")
    save_file({"lora_A.weight": np.ones((2, 3), "f2")}, "adapter_model.safetensors", metadata={"format": "pt", "ss_training_comment": "see https://example.org", "modelspec.author": "me"})


@part
def gguf():
    import gguf as library
    import numpy as np

    writer = library.GGUFWriter("tiny.gguf", "llama")
    writer.add_name("tiny")
    writer.add_context_length(128)
    writer.add_embedding_length(8)
    writer.add_block_count(1)
    writer.add_license("apache-2.0")
    writer.add_url("https://example.org/tiny")
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list([b"<s>", b"</s>", b"import", b"os", b".system", "é".encode()])
    writer.add_token_types([3, 3, 1, 1, 1, 1])
    writer.add_chat_template("{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}")
    writer.add_tensor("token_embd.weight", np.ones((6, 8), np.float32))
    writer.add_tensor("output.weight", np.ones((6, 8), np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@part
def flax():
    import flax.serialization as serialization
    import numpy as np

    tree = {"params": {"Dense_0": {"kernel": np.ones((3, 4), "f4"), "bias": np.zeros(4, "f4")}}, "step": 3, "bf": np.ones(2, "f2")}
    with open("flax_model.msgpack", "wb") as file:
        file.write(serialization.to_bytes(tree))
    dump("flax_tree", tree)
    def orbax():
        import jax.numpy as jnp
        import orbax.checkpoint as ocp

        checkpointer = ocp.PyTreeCheckpointer()
        checkpointer.save(os.path.abspath("orbax_checkpoint"), {"w": jnp.ones((3,)), "n": 1})
        dump("jax_arrays", {"w": jnp.ones((3,)), "i": jnp.arange(3)})
    attempt("orbax", orbax)
