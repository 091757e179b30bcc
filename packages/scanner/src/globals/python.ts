import type { AllowEntry } from "./judgement.js";

const VALUE = "makes a plain value";
const PURE = "computes a value from its arguments only";

/** What pickles of the standard library's own objects call. Source: `__reduce__` in CPython 2.7 to 3.14. */
export const PYTHON: readonly AllowEntry[] = [
  {
    module: "builtins",
    names:
      "set frozenset list dict tuple int float str bytes bytearray complex bool object slice range NoneType " +
      "NotImplementedType ellipsis Ellipsis NotImplemented reversed enumerate zip dict.fromkeys bytes.fromhex " +
      "bytearray.fromhex float.fromhex int.from_bytes str.maketrans None True False",
    why: VALUE,
  },
  { module: "builtins", names: "getattr", why: "reads an attribute", check: "attribute" },
  {
    module: "builtins",
    names: "map filter iter",
    why: "calls its first argument later",
    check: "call-later",
  },
  { module: "builtins", names: "type", why: "answers the type of one argument", check: "one-argument" },
  {
    module: "builtins",
    names: "abs all any ascii bin chr divmod hash hex len max min oct ord pow repr round sorted sum",
    why: PURE,
    check: "call-later",
  },
  {
    module: "copyreg",
    names: "_reconstructor",
    why: "makes an instance of its first argument",
    check: "reconstructor",
  },
  {
    module: "copyreg",
    names: "__newobj__ __newobj_ex__",
    why: "makes an instance of its first argument",
    check: "class-first",
  },
  {
    module: "collections",
    names:
      "OrderedDict Counter deque UserDict UserList UserString ChainMap OrderedDict.fromkeys Counter.fromkeys " +
      "_OrderedDictKeysView",
    why: VALUE,
  },
  { module: "collections", names: "defaultdict", why: "keeps a factory for later" },
  { module: "_collections", names: "OrderedDict deque", why: VALUE },
  { module: "_collections", names: "defaultdict", why: "keeps a factory for later" },
  { module: "datetime", names: "datetime date time timedelta timezone tzinfo", why: VALUE },
  { module: "decimal", names: "Decimal Context DecimalTuple", why: VALUE },
  { module: "_decimal", names: "Decimal Context", why: VALUE },
  { module: "_pydecimal", names: "Decimal Context", why: VALUE },
  { module: "fractions", names: "Fraction", why: VALUE },
  { module: "uuid", names: "UUID SafeUUID", why: VALUE },
  {
    module: "pathlib",
    names: "Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath",
    why: "a path is text until a method is called",
  },
  {
    module: "pathlib._local",
    names: "Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath",
    why: "a path is text until a method is called",
  },
  {
    module: "ipaddress",
    names: "IPv4Address IPv6Address IPv4Network IPv6Network IPv4Interface IPv6Interface",
    why: VALUE,
  },
  { module: "re", names: "_compile compile RegexFlag Pattern", why: "compiles a regular expression" },
  { module: "sre_compile", names: "compile", why: "compiles a regular expression" },
  { module: "regex._regex", names: "compile", why: "compiles a regular expression" },
  { module: "random", names: "Random", why: VALUE },
  { module: "_random", names: "Random", why: VALUE },
  { module: "array", names: "array _array_reconstructor", why: VALUE },
  { module: "time", names: "struct_time", why: VALUE },
  { module: "zoneinfo", names: "ZoneInfo ZoneInfo._unpickle", why: "looks up a time zone by its key" },
  {
    module: "types",
    names: "SimpleNamespace GenericAlias NoneType EllipsisType NotImplementedType",
    why: VALUE,
  },
  { module: "argparse", names: "Namespace", why: VALUE },
  { module: "string", names: "Template", why: VALUE },
  { module: "statistics", names: "NormalDist", why: VALUE },
  { module: "struct", names: "Struct", why: VALUE },
  { module: "_struct", names: "Struct", why: VALUE },
  { module: "io", names: "BytesIO StringIO", why: "a buffer in memory" },
  { module: "_io", names: "BytesIO StringIO", why: "a buffer in memory" },
  { module: "logging", names: "getLogger Logger RootLogger Manager PlaceHolder", why: "looks up a logger" },
  { module: "_codecs", names: "encode", why: "text to bytes", check: "encode" },
  { module: "codecs", names: "encode", why: "text to bytes", check: "encode" },
  { module: "functools", names: "partial", why: "keeps a callable for later" },
  { module: "_functools", names: "partial", why: "keeps a callable for later" },
  {
    module: "itertools",
    names:
      "chain chain.from_iterable count cycle repeat islice zip_longest product permutations combinations " +
      "combinations_with_replacement compress pairwise batched _tee",
    why: "walks values",
  },
  {
    module: "itertools",
    names: "accumulate dropwhile takewhile filterfalse groupby _grouper starmap",
    why: "calls its function later",
    check: "call-later",
  },
  {
    module: "operator",
    names:
      "itemgetter add sub mul truediv floordiv mod matmul neg pos abs not_ and_ or_ xor lshift rshift eq ne lt le " +
      "gt ge is_ is_not contains index concat countOf indexOf truth getitem",
    why: PURE,
  },
  {
    module: "_operator",
    names: "itemgetter add sub mul truediv floordiv mod eq ne lt le gt ge getitem",
    why: PURE,
  },
  { module: "operator", names: "attrgetter", why: "reads attributes later", check: "attribute-getter" },
  { module: "_operator", names: "attrgetter", why: "reads attributes later", check: "attribute-getter" },
  {
    module: "inspect",
    names: "_empty Signature Parameter BoundArguments _ParameterKind _void",
    why: "describes a signature",
  },
  { module: "enum", names: "Enum IntEnum Flag IntFlag StrEnum auto", why: VALUE },
  {
    module: "enum",
    names: "EnumMeta EnumType",
    why: "with three arguments it makes a class",
    check: "one-argument",
  },
  {
    module: "dataclasses",
    names: "_MISSING_TYPE MISSING Field InitVar _HAS_DEFAULT_FACTORY_CLASS",
    why: VALUE,
  },
  { module: "abc", names: "ABC", why: "a base class" },
  { module: "abc", names: "ABCMeta", why: "with three arguments it makes a class", check: "one-argument" },
  { module: "http", names: "HTTPStatus HTTPMethod", why: VALUE },
  { module: "signal", names: "Signals Handlers", why: VALUE },
  { module: "socket", names: "AddressFamily SocketKind", why: VALUE },
  { module: "json.encoder", names: "JSONEncoder", why: VALUE },
  { module: "json.decoder", names: "JSONDecoder", why: VALUE },
  { module: "locale", names: "Error", why: VALUE },
];

/** Modules whose functions compute from their arguments only. */
export const PURE_MODULES: readonly string[] = [
  "math",
  "cmath",
  "numbers",
  "collections.abc",
  "colorsys",
  "unicodedata",
  "keyword",
  "errno",
  "stat",
  "token",
];

export const EXCEPTION: RegExp =
  /^[A-Z]\w*(Error|Exception|Warning|Exit|Interrupt|Iteration|ExceptionGroup|Group)$/;
