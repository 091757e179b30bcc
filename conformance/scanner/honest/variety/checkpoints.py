"""What is kept of a run: joblib's cache, shards of safetensors, Flax and Orbax, folders of spaCy."""

import json
import os

import numpy as np
from honest.variety.material import RANDOM, TEXTS, X, place
from parts import attempt, part


@part
def joblib_cache():
    import joblib

    memory = joblib.Memory("joblib_cache", verbose=0)
    memory.cache(np.cumsum)(X)
    memory.cache(np.linalg.svd)(X)


@part
def sharded_safetensors():
    from safetensors.numpy import save_file

    at = place("sharded")
    index = {"metadata": {"total_size": 4096, "total_parameters": 1024}, "weight_map": {}}
    for shard in (1, 2):
        name = f"model-0000{shard}-of-00002.safetensors"
        save_file({f"layer.{shard}.weight": RANDOM.normal(size=(16, 16)).astype(np.float32), f"layer.{shard}.empty": np.zeros((0, 4), np.float16)}, at(name), metadata={"format": "pt"})
        index["weight_map"].update({f"layer.{shard}.weight": name, f"layer.{shard}.empty": name})
    json.dump(index, open(at("model.safetensors.index.json"), "w"), indent=2)


@part
def flax_checkpoints():
    at = place("flax")

    def msgpack_state():
        import flax.serialization
        import jax.numpy as jnp

        state = {"params": {"dense": {"kernel": jnp.ones((4, 4)), "bias": jnp.zeros(4, jnp.bfloat16)}}, "step": 3, "rng": np.array([0, 42], np.uint32), "name": "eval"}
        open(at("flax_model.msgpack"), "wb").write(flax.serialization.msgpack_serialize(state))
        open(at("checkpoint_3"), "wb").write(flax.serialization.to_bytes(state))

    def orbax():
        import jax.numpy as jnp
        import orbax.checkpoint as ocp

        tree = {"params": {"kernel": jnp.ones((64, 64)), "bias": jnp.arange(5.0)}, "step": 3}
        base = os.path.abspath("flax")
        for ocdbt in (True, False):
            handler = ocp.PyTreeCheckpointHandler(use_ocdbt=ocdbt, use_zarr3=ocdbt)
            ocp.Checkpointer(handler).save(os.path.join(base, f"orbax_{ocdbt}"), tree, force=True)
        ocp.StandardCheckpointer().save(os.path.join(base, "standard"), tree, force=True)
        manager = ocp.CheckpointManager(os.path.join(base, "manager"))
        manager.save(1, args=ocp.args.Composite(state=ocp.args.StandardSave(tree), extra=ocp.args.JsonSave({"a": 1})))
        manager.wait_until_finished()

    attempt("flax", msgpack_state)
    attempt("orbax", orbax)


@part
def spacy_folders():
    import spacy
    from spacy.tokens import Doc, DocBin

    model = spacy.blank("en")
    model.add_pipe("sentencizer")
    model.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "os.system"}])
    categories = model.add_pipe("textcat")
    categories.add_label("A")
    categories.add_label("B")
    model.add_pipe("tagger").add_label("N")
    model.add_pipe("ner").add_label("X")
    model.initialize()
    place("spacy")
    model.to_disk("spacy/model")
    bin_ = DocBin(store_user_data=True)
    for text in TEXTS[:4]:
        bin_.add(model.make_doc(text))
    bin_.to_disk("spacy/train.spacy")
