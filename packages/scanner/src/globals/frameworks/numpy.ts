import type { Framework } from "../judgement.js";

const SCALARS =
  "bool bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 intc intp uintc uintp longlong ulonglong long ulong " +
  "int_ uint float16 float32 float64 longdouble complex64 complex128 clongdouble str_ unicode_ string_ bytes_ void " +
  "object_ datetime64 timedelta64 float_ complex_ byte ubyte short ushort half single double csingle cdouble int float";

export const NUMPY: Framework = {
  source: "numpy 1.11 to 2.3: numpy/_core/src/multiarray, numpy/random/_pickle.py, numpy/ma/core.py",
  packages: ["numpy"],
  allow: [
    { module: "numpy", names: `ndarray dtype recarray record generic ${SCALARS}`, why: "array types" },
    { module: "numpy.core.multiarray", names: "_reconstruct", why: "an empty array", check: "class-first" },
    { module: "numpy.core.multiarray", names: "scalar ndarray dtype", why: "a number with its type" },
    { module: "numpy.core.numeric", names: "_frombuffer", why: "an array over given bytes" },
    { module: "numpy.core.numeric", names: `ndarray dtype ${SCALARS}`, why: "array types" },
    { module: "numpy.core.numerictypes", names: SCALARS, why: "array types" },
    {
      module: "numpy.core._internal",
      names: "_convert_to_stringdtype_kwargs",
      why: "a string type from its options",
    },
    { module: "numpy.core", names: "_ufunc_reconstruct", why: "imports what it names", check: "import-pair" },
    { module: "numpy.core._methods", names: "_mean _sum _prod _any _all", why: "reductions" },
    { module: "numpy.core", names: "_DType_reconstruct", why: "a type of a type", check: "class-first" },
    {
      module: "numpy.random._pickle",
      names: "__generator_ctor __bit_generator_ctor __randomstate_ctor",
      why: "makes a generator by name",
      check: "class-first",
    },
    { module: "numpy.random", names: "__RandomState_ctor RandomState", why: "makes a generator" },
    {
      module: "numpy.random._mt19937",
      names: "MT19937 __pyx_unpickle_MT19937",
      why: "a bit generator",
    },
    {
      module: "numpy.random.bit_generator",
      names: "SeedSequence __pyx_unpickle_SeedSequence",
      why: "a seed",
    },
    { module: "numpy.random.mtrand", names: "RandomState", why: "a generator" },
    { module: "numpy.ma.core", names: "_mareconstruct", why: "a masked array", check: "class-first" },
    { module: "numpy.ma.mrecords", names: "_mrreconstruct", why: "a masked array", check: "class-first" },
    {
      module: "numpy.ma.core",
      names: "MaskedArray MaskedConstant masked_array",
      why: "a masked array",
    },
    { module: "numpy.core.records", names: "recarray record", why: "array types" },
    { module: "numpy.core.defchararray", names: "chararray", why: "array types" },
    { module: "numpy.rec", names: "recarray record", why: "array types" },
    { module: "numpy.polynomial.polynomial", names: "Polynomial", why: "coefficients" },
    { module: "numpy.lib.polynomial", names: "poly1d", why: "coefficients" },
    { module: "numpy", names: "poly1d", why: "coefficients" },
    {
      module: "numpy.dtypes",
      names:
        "BoolDType Int8DType Int16DType Int32DType Int64DType UInt8DType UInt16DType UInt32DType UInt64DType " +
        "Float16DType Float32DType Float64DType LongDoubleDType Complex64DType Complex128DType StrDType BytesDType " +
        "VoidDType ObjectDType DateTime64DType TimeDelta64DType StringDType",
      why: "array types",
    },
    {
      module: "numpy",
      names:
        "abs absolute add all any arange arccos arcsin arctan argmax argmin around array asarray ceil clip cos cosh " +
        "cumsum diff divide dot exp exp2 expm1 floor hypot isfinite isinf isnan linspace log log10 log1p log2 max " +
        "maximum mean median min minimum multiply nan_to_num nanmax nanmean nanmin nanstd nansum ones power prod " +
        "ravel reciprocal round sign sin sinh sqrt square squeeze std subtract sum tan tanh transpose unique var " +
        "zeros identity nanmedian nanvar quantile percentile nanpercentile nanquantile",
      why: "arithmetic on arrays",
    },
  ],
  constructors: [],
  dangerous: {
    "numpy.load": "loads another file",
    "numpy.loads": "loads another pickle",
    "numpy.save": "writes files",
    "numpy.savez": "writes files",
    "numpy.savetxt": "writes files",
    "numpy.loadtxt": "reads files",
    "numpy.genfromtxt": "reads files",
    "numpy.fromfile": "reads files",
    "numpy.memmap": "maps files",
    "numpy.DataSource": "fetches files",
    "numpy.core.memmap": "maps files",
    "numpy.lib.npyio": "reads and writes files",
    "numpy.lib._npyio_impl": "reads and writes files",
    "numpy.lib.format": "reads and writes files",
    "numpy.lib._datasource": "fetches files",
    "numpy.lib.utils": "runs code",
    "numpy.testing": "runs code that the file supplies",
    "numpy.f2py": "compiles and runs code",
    "numpy.distutils": "compiles and runs code",
    "numpy.ctypeslib": "loads native code",
    "numpy.vectorize": "calls its argument",
    "numpy.apply_along_axis": "calls its argument",
    "numpy.apply_over_axes": "calls its argument",
    "numpy.fromfunction": "calls its argument",
    "numpy.frompyfunc": "calls its argument",
    "numpy.piecewise": "calls its argument",
    "numpy.core._internal._ctypes": "loads native code",
    "numpy.array_api": "runs code",
    "numpy.compat": "reads files or imports",
    "numpy.core.shape_base": "runs code",
    "numpy.core.records.fromfile": "reads files",
    "numpy.safe_eval": "evaluates text",
    "numpy.source": "reads files",
    "numpy.info": "runs code",
    "numpy.lookfor": "imports modules",
  },
};
