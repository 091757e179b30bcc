"""What is made to run on devices: OpenVINO, Core ML, Paddle."""

import numpy as np
from honest.variety.material import RANDOM, place
from parts import attempt, part


@part
def openvino_int8():
    import nncf
    import openvino as ov
    from openvino import opset13 as op

    at = place("openvino")
    x = op.parameter([1, 3, 16, 16], np.float32, name="x")
    convolution = op.convolution(x, op.constant(RANDOM.normal(size=(8, 3, 3, 3)).astype(np.float32)), [1, 1], [1, 1], [1, 1], [1, 1])
    flat = op.reshape(op.relu(convolution), op.constant([1, 2048]), False)
    model = ov.Model([op.matmul(flat, op.constant(RANDOM.normal(size=(2048, 64)).astype(np.float32)), False, False)], [x], "m")
    ov.save_model(model, at("half.xml"))
    ov.save_model(model, at("float.xml"), compress_to_fp16=False)
    ov.save_model(nncf.quantize(model, nncf.Dataset([RANDOM.normal(size=(1, 3, 16, 16)).astype(np.float32)] * 3), subset_size=3), at("int8.xml"))
    for mode in ("INT8_ASYM", "INT4_SYM", "NF4"):
        attempt(mode, lambda: ov.save_model(nncf.compress_weights(model.clone(), mode=getattr(nncf.CompressWeightsMode, mode), **({} if "8" in mode else {"all_layers": True, "group_size": 64})), at(f"{mode}.xml")))
    compiled = ov.Core().compile_model(model, "CPU")
    attempt("blob", lambda: open(at("compiled.blob"), "wb").write(compiled.export_model().getvalue()))


@part
def coreml_packages():
    import coremltools as ct
    from coremltools.converters.mil import Builder as mb

    at = place("coreml")

    @mb.program(input_specs=[mb.TensorSpec(shape=(1, 3, 16, 16))])
    def program(x):
        x = mb.conv(x=x, weight=RANDOM.normal(size=(32, 3, 3, 3)).astype(np.float32), pad_type="same")
        return mb.relu(x=x)

    model = ct.convert(program, convert_to="mlprogram", minimum_deployment_target=ct.target.iOS16)
    model.author, model.license, model.short_description = "somebody", "MIT", "calls eval and os.system in words"
    model.save(at("model.mlpackage"))
    from coremltools.optimize.coreml import OptimizationConfig, OpLinearQuantizerConfig, OpPalettizerConfig, linear_quantize_weights, palettize_weights

    linear_quantize_weights(model, OptimizationConfig(OpLinearQuantizerConfig(weight_threshold=1))).save(at("int8.mlpackage"))
    attempt("palette", lambda: palettize_weights(model, OptimizationConfig(OpPalettizerConfig(nbits=4, weight_threshold=1))).save(at("palette.mlpackage")))
    attempt("nn", lambda: ct.convert(program, convert_to="neuralnetwork").save(at("network.mlmodel")))


@part
def paddle_models():
    import paddle

    at = place("paddle")
    layer = paddle.nn.Sequential(paddle.nn.Linear(4, 8), paddle.nn.ReLU(), paddle.nn.Linear(8, 2))
    paddle.save(layer.state_dict(), at("model.pdparams"))
    optimizer = paddle.optimizer.Adam(parameters=layer.parameters())
    layer(paddle.ones([2, 4])).mean().backward()
    optimizer.step()
    paddle.save(optimizer.state_dict(), at("model.pdopt"))
    paddle.save({"epoch": 1, "lr": 0.1, "w": paddle.ones([2])}, at("extra.pdparams"))
    attempt("jit", lambda: paddle.jit.save(layer, at("inference"), input_spec=[paddle.static.InputSpec([None, 4])]))
