import type { Framework } from "../judgement.js";

const CODE = "runs or compiles code that the file supplies";
const LOADS = "loads another file or another pickle";

export const TORCH: Framework = {
  source: "torch 0.4 to 2.9: torch/_utils.py, torch/_tensor.py, torch/serialization.py, torch/jit/_pickle.py",
  packages: ["torch", "torchvision", "torchaudio", "torchtext", "__torch__"],
  allow: [
    {
      module: "torch._utils",
      names:
        "_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter _rebuild_parameter_with_state " +
        "_rebuild_sparse_tensor _rebuild_sparse_csr_tensor _rebuild_nested_tensor _rebuild_qtensor " +
        "_rebuild_meta_tensor_no_storage _rebuild_device_tensor_from_numpy _rebuild_xla_tensor _rebuild_mlc_tensor " +
        "_rebuild_device_tensor_from_cpu_tensor _rebuild_wrapper_subclass",
      why: "a tensor over a storage",
    },
    {
      module: "torch._tensor",
      names: "_rebuild_from_type_v2 _rebuild_from_type",
      why: "calls its first argument with the third",
      check: "call-first",
    },
    {
      module: "torch.tensor",
      names: "_rebuild_from_type _rebuild_from_type_v2",
      why: "calls its first argument with the third",
      check: "call-first",
    },
    {
      module: "torch.storage",
      names: "_load_from_bytes",
      why: "unpickles its bytes",
      check: "nested-storage",
    },
    {
      module: "torch",
      names:
        "Size device dtype Tensor Generator finfo iinfo layout memory_format strided sparse_coo sparse_csr sparse_csc " +
        "contiguous_format preserve_format channels_last channels_last_3d float float16 float32 float64 half double " +
        "bfloat16 int int8 int16 int32 int64 uint8 uint16 uint32 uint64 short long bool complex32 complex64 complex128 " +
        "cfloat cdouble qint8 quint8 qint32 quint4x2 quint2x4 float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz " +
        "float8_e8m0fnu float4_e2m1fn_x2 per_tensor_affine per_channel_affine per_tensor_symmetric " +
        "per_channel_symmetric per_channel_affine_float_qparams bits8 bits16 bits1x8 bits2x4 bits4x2 " +
        "relu tanh sigmoid softmax log_softmax cat stack add mul sum mean sqrt exp log abs matmul clamp nn",
      why: "tensor types",
    },
    {
      module: "torch",
      names:
        "FloatStorage DoubleStorage HalfStorage LongStorage IntStorage ShortStorage CharStorage ByteStorage " +
        "BoolStorage BFloat16Storage ComplexDoubleStorage ComplexFloatStorage QInt8Storage QUInt8Storage " +
        "QInt32Storage QUInt4x2Storage QUInt2x4Storage UntypedStorage TypedStorage",
      why: "storage types",
    },
    {
      module: "torch.storage",
      names: "UntypedStorage TypedStorage _UntypedStorage _TypedStorage _LegacyStorage",
      why: "storage types",
    },
    {
      module: "torch.cuda",
      names:
        "FloatStorage DoubleStorage HalfStorage LongStorage IntStorage ShortStorage CharStorage ByteStorage " +
        "BoolStorage BFloat16Storage",
      why: "storage types",
    },
    { module: "torch.serialization", names: "_get_layout", why: "a layout by its name" },
    {
      module: "torch._C._nn",
      names: "gelu silu elu relu6 softplus leaky_relu hardtanh",
      why: "tensor functions",
    },
    {
      module: "torch._C._VariableFunctions",
      names: "relu tanh sigmoid softmax",
      why: "tensor functions",
    },
    {
      module: "torch.nn.functional",
      names:
        "relu relu6 gelu silu elu selu celu leaky_relu tanh sigmoid softmax log_softmax softplus hardtanh mish glu " +
        "hardswish hardsigmoid cross_entropy mse_loss l1_loss binary_cross_entropy nll_loss smooth_l1_loss " +
        "binary_cross_entropy_with_logits dropout layer_norm normalize pad interpolate",
      why: "tensor functions",
    },
    {
      module: "torch.jit._pickle",
      names:
        "restore_type_tag build_intlist build_tensorlist build_doublelist build_boollist build_tensor_from_id",
      why: "values of TorchScript",
    },
    { module: "torch.nn.parameter", names: "Parameter Buffer UninitializedParameter", why: "a tensor" },
    { module: "torch.autograd.variable", names: "Variable", why: "a tensor" },
    { module: "torch.utils.hooks", names: "RemovableHandle BackwardHook unserializable_hook", why: "a hook" },
    { module: "torch.utils._pytree", names: "treespec_loads", why: "a tree description in JSON" },
    { module: "torch.backends.cudnn.rnn", names: "Unserializable", why: "an empty marker" },
    { module: "torch.backends.cudnn.rnn", names: "_FlatWeights", why: "weights" },
    {
      module: "torch.ao.quantization.observer",
      names: "_with_args",
      why: "keeps a class for later",
      check: "class-first",
    },
    { module: "torch._C", names: "Size device _TensorMeta", why: "tensor types" },
  ],
  constructors: [
    "torch.nn",
    "torch.optim",
    "torch.distributions",
    "torch.quantization",
    "torch.ao",
    "torch.utils.data.dataset",
    "torch.utils.data.sampler",
    "torch._C",
    "torch.sparse",
    "torch.distributed.fsdp",
    "torchvision.models",
    "torchvision.transforms",
    "torchvision.ops",
    "torchvision.tv_tensors",
    "torchaudio.models",
    "torchaudio.transforms",
    "torchtext.vocab",
    "torchtext.data",
    "__torch__",
  ],
  dangerous: {
    "torch.load": LOADS,
    "torch.serialization.load": LOADS,
    "torch.serialization._load": LOADS,
    "torch.serialization._legacy_load": LOADS,
    "torch.serialization.save": "writes files",
    "torch.save": "writes files",
    "torch.from_file": "maps files",
    "torch.hub": "downloads and runs code",
    "torch.jit.load": LOADS,
    "torch.jit._serialization": LOADS,
    "torch.jit.unsupported_tensor_ops": CODE,
    "torch.jit.frontend": CODE,
    "torch.jit._script": CODE,
    "torch.jit.CompilationUnit": CODE,
    "torch.package": "imports modules from a file",
    "torch.utils.cpp_extension": CODE,
    "torch.utils.model_zoo": "downloads files",
    "torch.utils.bottleneck": CODE,
    "torch.utils.collect_env": "runs commands",
    "torch.utils._config_module": LOADS,
    "torch.utils._content_store": LOADS,
    "torch.utils.data.datapipes": LOADS,
    "torch.utils.data._utils": LOADS,
    "torch.utils.data.dataloader": "starts processes",
    "torch.utils.file_baton": "writes files",
    "torch.utils.hipify": "writes files",
    "torch.utils.tensorboard": "writes files",
    "torch.utils.show_pickle": LOADS,
    "torch.utils.checkpoint.checkpoint": CODE,
    "torch.utils._python_dispatch": CODE,
    "torch._inductor": CODE,
    "torch._dynamo": CODE,
    "torch._functorch": CODE,
    "torch._export": CODE,
    "torch.export": CODE,
    "torch._utils_internal": CODE,
    "torch._appdirs": "reads files",
    "torch._sources": CODE,
    "torch._weights_only_unpickler": LOADS,
    "torch.fx": CODE,
    "torch.compile": CODE,
    "torch.compiler": CODE,
    "torch.ops": "loads native code",
    "torch._ops": "loads native code",
    "torch.classes": "loads native code",
    "torch._classes": "loads native code",
    "torch.multiprocessing": "starts processes",
    "torch.distributed.run": "starts processes",
    "torch.distributed.launch": "starts processes",
    "torch.distributed.launcher": "starts processes",
    "torch.distributed.elastic": "starts processes",
    "torch.distributed.rpc": "runs code on other machines",
    "torch.distributed.nn.jit": CODE,
    "torch.distributed.distributed_c10d": LOADS,
    "torch.testing": CODE,
    "torch.onnx": "writes files or runs code",
    "torch.profiler": "writes files",
    "torch.autograd.profiler": "writes files",
    "torch.cuda._memory_viz": "writes files",
    "torch.cuda.jiterator": CODE,
    "torch.backends._nnapi": CODE,
    "torch.contrib": "writes files",
    "torch.__config__": CODE,
    "torch._lobpcg": CODE,
    "torch._jit_internal": CODE,
    "torch._namedtensor_internals": CODE,
    "torch.library": "loads native code",
    "torch.functional.F": CODE,
    "torch.nn.modules.module._IncompatibleKeys.__class__": CODE,
    "torchvision.datasets": "downloads files",
    "torchvision.io": "reads and writes files",
    "torchvision.models.get_model": "downloads files",
    "torchaudio.load": "reads files",
    "torchaudio.datasets": "downloads files",
    "torchtext.datasets": "downloads files",
    "torchtext.utils": "downloads files",
  },
};
