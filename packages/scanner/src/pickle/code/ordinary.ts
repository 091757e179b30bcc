/** A part of a module that reaches the system which the code of models uses, in a function that a user calls. */
export interface Ordinary {
  /** Names: the paths by which code comes to it. */
  names: RegExp;
  /** What it does, or where it is judged instead. */
  reason: string;
  source: Source;
  /** Some of the names, at least one of which would be a deed without the entry. */
  such: string;
}

type Source = "library" | "models";

/** Where the entries come from. */
export const SOURCES: Readonly<Record<Source, string>> = {
  library: "https://docs.python.org/3/library/",
  models: "what functions of honest models come to, as conformance/scanner writes them",
};

export const ORDINARY: readonly Ordinary[] = [
  {
    names:
      /^(os|posix|nt)\.(path(\..*)?|environ(\.(get|copy|items|keys|setdefault|update|pop))?|getenv|putenv|getcwd|listdir|scandir|walk|makedirs|mkdir|stat|sep|linesep|pathsep|curdir|extsep|cpu_count|getpid|getppid|fspath|name|PathLike|urandom|devnull|uname|times|sched_getaffinity|get_terminal_size|access|R_OK|W_OK|F_OK|error|strerror)$/,
    reason: "names of files, the environment, and questions about the machine",
    source: "library",
    such: "os.listdir nt.getcwd os.environ.get",
  },
  {
    names: /^(posixpath|ntpath|genericpath|os\.path)(\.|$)/,
    reason: "names of files, which it only splits and joins",
    source: "library",
    such: "posixpath.join ntpath.split",
  },
  {
    names:
      /^sys\.(version|version_info|platform|stdout|stderr|stdin|argv|path|float_info|implementation|flags|hash_info|thread_info)(\.\w+(\(\))?)*$/,
    reason: "what the interpreter says of itself, and its standard streams",
    source: "library",
    such: "sys.stdout.write sys.path.append sys.argv",
  },
  {
    names:
      /^sys\.(maxsize|maxunicode|byteorder|getsizeof|exc_info|executable|exit|getrecursionlimit|setrecursionlimit|hexversion|intern|getdefaultencoding|float_repr_style|warnoptions|prefix|base_prefix)$/,
    reason: "what the interpreter says of itself",
    source: "library",
    such: "sys.maxsize sys.exit",
  },
  {
    names:
      /^_?io\.(BytesIO|StringIO|TextIOWrapper|BufferedReader|BufferedWriter|open|open_code|SEEK_\w+|UnsupportedOperation|IOBase|RawIOBase|BufferedIOBase|TextIOBase)$/,
    reason: "buffers in memory; what is opened is judged by its name",
    source: "library",
    such: "io.BytesIO _io.open",
  },
  {
    names: /^builtins\.(open|locals|vars|input|setattr|delattr|getattr|exit|quit)$/,
    reason: "what is opened or read is judged by its arguments",
    source: "library",
    such: "builtins.open builtins.getattr",
  },
  {
    names: /^operator\.(setitem|delitem|attrgetter|itemgetter|methodcaller)$/,
    reason: "what is read or called is judged by its arguments",
    source: "library",
    such: "operator.setitem operator.methodcaller",
  },
  {
    names:
      /^(_?pickle|cPickle|cloudpickle|dill|joblib|json|marshal)\.(load|loads|dump|dumps|Pickler|Unpickler|HIGHEST_PROTOCOL|DEFAULT_PROTOCOL|\w*Error)$/,
    reason: "models load their other files",
    source: "models",
    such: "pickle.load joblib.load dill.dump",
  },
  {
    names: /^logging\.(?!config\b|handlers\.(Socket|Datagram|SMTP|HTTP|SysLog))/,
    reason: "messages; not what sends them, nor settings that name functions",
    source: "library",
    such: "logging.getLogger logging.handlers.RotatingFileHandler",
  },
  {
    names:
      /^(warnings|traceback|threading|_thread|queue|contextlib|glob|fnmatch|csv|configparser|email|html|calendar|argparse|pprint|selectors|zlib|typing|abc|weakref|getpass|locale|resource|signal\.SIG)\b/,
    reason: "work in this process, and its settings",
    source: "library",
    such: "threading.Thread warnings.warn weakref.finalize",
  },
  {
    names: /^(tempfile|pathlib|gzip|bz2|lzma|zipfile|tarfile|shelve|tokenize|mimetypes|linecache|sqlite3)\./,
    reason: "files that the caller names",
    source: "library",
    such: "tempfile.mkdtemp gzip.open zipfile.ZipFile",
  },
  {
    names: /^concurrent\.futures\b/,
    reason: "the same work in other workers",
    source: "library",
    such: "concurrent.futures.ThreadPoolExecutor",
  },
  {
    names: /^asyncio\.(?!subprocess|create_subprocess|open_connection|start_server|open_unix)/,
    reason: "work in this process; no programs and connections",
    source: "library",
    such: "asyncio.run asyncio.gather",
  },
  {
    names:
      /^multiprocessing\.((context\.|pool\.|process\.)?(\w*Process|Pool|ThreadPool)|cpu_count|Lock|RLock|Queue|Manager|current_process|get_context|set_start_method|Value|Array|Event)$/,
    reason: "the same work in other processes",
    source: "library",
    such: "multiprocessing.Pool multiprocessing.cpu_count",
  },
  {
    names:
      /^inspect\.(signature|getfullargspec|getargspec|is\w+|getmembers|Parameter(\.\w+)?|getdoc|getmodule|getmro|cleandoc)$/,
    reason: "questions about functions",
    source: "library",
    such: "inspect.signature inspect.getmodule",
  },
  {
    names: /^platform\.(system|machine|node|python_version|platform|release|processor|uname)$/,
    reason: "questions about the machine",
    source: "library",
    such: "platform.system platform.node",
  },
  {
    names:
      /^importlib(\.(metadata|resources|util|import_module)(\.(version|find_spec|files|as_file|path|open_text|open_binary|read_text|PackageNotFoundError))?)?$/,
    reason: "what is installed; what is imported is judged by its name",
    source: "library",
    such: "importlib.metadata.version importlib.import_module",
  },
  {
    names:
      /^shutil\.(copy\w*|which|disk_usage|get_terminal_size|move|make_archive|unpack_archive|ignore_patterns|rmtree)$/,
    reason: "files that the caller names; fixed names are judged apart",
    source: "models",
    such: "shutil.copyfile shutil.rmtree",
  },
  {
    names:
      /^(os|posix|nt)\.(remove|unlink|rmdir|removedirs|rename|renames|replace|chmod|utime|truncate|symlink|link)$/,
    reason: "files that the caller names; fixed names are judged apart",
    source: "library",
    such: "os.remove os.replace",
  },
  {
    names: /^socket\.(gethostname|getfqdn|timeout|error|gaierror)$/,
    reason: "the machine's own name, and exceptions",
    source: "library",
    such: "socket.gethostname socket.timeout",
  },
  {
    names: /^gc\.(collect|disable|enable|isenabled)$/,
    reason: "when the collector works",
    source: "library",
    such: "gc.collect",
  },
  {
    names:
      /^types\.(SimpleNamespace|MethodType|ModuleType|GeneratorType|MappingProxyType|LambdaType|FunctionType|NoneType|DynamicClassAttribute|BuiltinFunctionType)$/,
    reason: "kinds of objects; a function that is made is judged apart",
    source: "library",
    such: "types.ModuleType types.LambdaType",
  },
  {
    names: /^codecs\.(open|encode|decode|lookup|BOM\w*|getreader|getwriter)$/,
    reason: "text and bytes; what is opened is judged by its name",
    source: "library",
    such: "codecs.open codecs.decode",
  },
  {
    names: /^timeit\.default_timer$/,
    reason: "a clock",
    source: "library",
    such: "timeit.default_timer",
  },
  {
    names: /^(super|builtins\.super)\b/,
    reason: "the class above",
    source: "library",
    such: "super.__init__",
  },
  {
    names:
      /^builtins\.\w+\.__(new|init|setattr|getattribute|delattr|eq|ne|hash|repr|str|format|len|iter|getitem|setitem|contains|doc|name)__$/,
    reason: "methods that a class hands on to the one above",
    source: "library",
    such: "builtins.dict.__setattr__ builtins.type.__getattribute__",
  },
];
