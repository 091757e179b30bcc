"""Weights of language models and of the browser: GGUF of both byte orders, TensorFlow.js."""

import json

import numpy as np
from honest.variety.material import RANDOM, place
from parts import part


@part
def gguf_files():
    import gguf

    at = place("gguf")
    for order in gguf.GGUFEndian:
        writer = gguf.GGUFWriter(at(f"{order.name}.gguf"), "llama", endianess=order)
        writer.add_block_count(1)
        writer.add_context_length(128)
        writer.add_license("mit")
        writer.add_chat_template("{% for message in messages %}{{ message['role'] + ': ' + message['content'] }}{% endfor %}")
        writer.add_tokenizer_model("gpt2")
        writer.add_token_list(["<s>", "eval", "os.system", "Ġimport"])
        writer.add_token_scores([0.0, 0.5, 0.25, 1.0])
        writer.add_array("list", [1, 2, 3])
        writer.add_bool("flag", True)
        writer.add_float64("wide", 1e300)
        writer.add_tensor("token_embd.weight", RANDOM.normal(size=(64, 32)).astype(np.float32))
        writer.add_tensor("half", RANDOM.normal(size=(8, 32)).astype(np.float16))
        quantised = gguf.quants.quantize(RANDOM.normal(size=(4, 64)).astype(np.float32), gguf.GGMLQuantizationType.Q8_0)
        writer.add_tensor("blk.0.q", quantised, raw_dtype=gguf.GGMLQuantizationType.Q8_0)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()


@part
def tensorflowjs_models():
    """By the documentation of the format: TensorFlow.js, "Save and load models" (model.json, and shards that it names)."""
    at = place("tfjs_layers")
    weights = RANDOM.normal(size=44).astype("<f4").tobytes()
    open(at("group1-shard1of2.bin"), "wb").write(weights[:100])
    open(at("group1-shard2of2.bin"), "wb").write(weights[100:])
    manifest = [{"paths": ["group1-shard1of2.bin", "group1-shard2of2.bin"], "weights": [
        {"name": "dense/kernel", "shape": [4, 10], "dtype": "float32"}, {"name": "dense/bias", "shape": [4], "dtype": "float32", "quantization": {"dtype": "uint8", "min": -1.0, "scale": 0.01, "original_dtype": "float32"}}]}]
    layers = [{"class_name": "InputLayer", "config": {"batch_input_shape": [None, 4], "dtype": "float32", "sparse": False, "ragged": False, "name": "input"}},
              {"class_name": "Dense", "config": {"name": "dense", "trainable": True, "units": 10, "activation": "softmax", "use_bias": True,
                                                 "kernel_initializer": {"class_name": "VarianceScaling", "config": {"scale": 1, "mode": "fan_avg", "distribution": "normal", "seed": None}},
                                                 "bias_initializer": {"class_name": "Zeros", "config": {}}, "kernel_regularizer": None, "bias_regularizer": None, "activity_regularizer": None,
                                                 "kernel_constraint": None, "bias_constraint": None}}]
    topology = {"keras_version": "2.15.0", "backend": "tensorflow", "model_config": {"class_name": "Sequential", "config": {"name": "sequential", "layers": layers}},
                "training_config": {"loss": "categorical_crossentropy", "metrics": ["accuracy"], "optimizer_config": {"class_name": "Adam", "config": {"learning_rate": 0.001}}}}
    json.dump({"format": "layers-model", "generatedBy": "keras v2.15.0", "convertedBy": "TensorFlow.js Converter v4.22.0", "modelTopology": topology, "weightsManifest": manifest}, open(at("model.json"), "w"))
    at = place("tfjs_graph")
    open(at("group1-shard1of1.bin"), "wb").write(weights)
    nodes = [{"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}, "shape": {"shape": {"dim": [{"size": "-1"}, {"size": "4"}]}}}},
             {"name": "w", "op": "Const", "attr": {"dtype": {"type": "DT_FLOAT"}, "value": {"tensor": {"dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": "4"}, {"size": "10"}]}}}}},
             {"name": "Identity", "op": "_FusedMatMul", "input": ["x", "w"], "attr": {"fused_ops": {"list": {"s": ["UmVsdQ=="]}}, "T": {"type": "DT_FLOAT"}, "num_args": {"i": "1"}}}]
    json.dump({"format": "graph-model", "generatedBy": "2.17.0", "convertedBy": "TensorFlow.js Converter v4.22.0", "userDefinedMetadata": {"signature": {"inputs": {"x": {"name": "x:0"}}}},
               "modelTopology": {"node": nodes, "library": {}, "versions": {"producer": 1882}}, "weightsManifest": [{"paths": ["group1-shard1of1.bin"], "weights": manifest[0]["weights"]}],
               "modelInitializer": {"node": []}}, open(at("model.json"), "w"))
