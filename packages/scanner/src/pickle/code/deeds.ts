import type { EventLevel } from "../../formats/python/events.js";
import { classify } from "../../globals/classify.js";

/**
 * - `acts`: reaches the system, or hides what it does; nothing that the code of a model needs
 * - `asks`: talks to other machines, writes files, or cannot be followed: a person has to say whether it should
 * - `able`: reads or writes what its caller names, or loads another file, as the code of models does
 */
export type DeedLevel = "acts" | "asks" | "able";

export interface Deed {
  level: DeedLevel;
  what: string;
}

export const LEVEL_OF: Readonly<Record<EventLevel, DeedLevel>> = {
  malice: "acts",
  acts: "acts",
  able: "able",
};

/** Attributes that lead from any object to the interpreter, or that only modules which reach the system have. */
const ESCAPES =
  /^(__(globals|builtins|subclasses|code|import|closure|getattribute|loader|spec|reduce_ex|base|bases|mro|wrapped|kwdefaults|defaults)__|(f|gi|cr|ag|tb|func|im)_(back|globals|builtins|locals|code|frame|func|closure)|popen\d?|Popen|check_(output|call)|getstatusoutput|exec[lv]p?e?|spawn[lv]p?e?|posix_spawnp?|startfile|mro|co_code|co_consts|_getframe)$/;
/** Of them, what honest classes read of themselves. */
const READ = /^(f_code|__(wrapped|defaults|kwdefaults|bases|base|mro|closure|code)__|mro)$/;

/** What changes or removes files, by a name that the code fixes or that its caller gives. */
export const CHANGES: RegExp =
  /^((os|posix|nt)\.(remove|unlink|rmdir|removedirs|rename|renames|replace|chmod|truncate|symlink|link)|shutil\.(rmtree|move))$/;

/** What it says that code reads an attribute of a value that nobody knows. */
export function attributeDeed(name: string): Deed | undefined {
  if (name === "system") return { level: "asks", what: "reads an attribute `system`" };
  if (!ESCAPES.test(name)) return undefined;
  return { level: READ.test(name) ? "asks" : "acts", what: `reads \`${name}\`` };
}

/** Attributes that change what code runs when they are set. */
export function setDeed(name: string): Deed | undefined {
  if (
    !/^(__(code|globals|builtins|closure|class|bases|reduce|reduce_ex|getattribute|kwdefaults|defaults)__)$/.test(
      name,
    )
  )
    return undefined;
  return { level: name === "__class__" ? "asks" : "acts", what: `sets \`${name}\`` };
}

/** Parts of dangerous modules that the code of models uses. */
const ORDINARY: readonly RegExp[] = [
  /^(os|posix|nt)\.(path(\..*)?|environ(\.(get|copy|items|keys|setdefault|update|pop))?|getenv|putenv|getcwd|listdir|scandir|walk|makedirs|mkdir|stat|sep|linesep|pathsep|curdir|extsep|cpu_count|getpid|getppid|fspath|name|PathLike|urandom|devnull|uname|times|sched_getaffinity|get_terminal_size|access|R_OK|W_OK|F_OK|error|strerror|cpu_count)$/,
  /^(posixpath|ntpath|genericpath|os\.path)(\.|$)/,
  /^sys\.(version|version_info|platform|stdout|stderr|stdin|argv|path|float_info|implementation|flags|hash_info|thread_info)(\.\w+(\(\))?)*$/,
  /^sys\.(maxsize|maxunicode|byteorder|getsizeof|exc_info|executable|exit|getrecursionlimit|setrecursionlimit|hexversion|intern|getdefaultencoding|float_repr_style|warnoptions|prefix|base_prefix)$/,
  /^_?io\.(BytesIO|StringIO|TextIOWrapper|BufferedReader|BufferedWriter|open|open_code|SEEK_\w+|UnsupportedOperation|IOBase|RawIOBase|BufferedIOBase|TextIOBase)$/,
  /^builtins\.(open|locals|vars|input|setattr|delattr|getattr|exit|quit)$/,
  /^operator\.(setitem|delitem|attrgetter|itemgetter|methodcaller)$/,
  /^(_?pickle|cPickle|cloudpickle|dill|joblib|json|marshal)\.(load|loads|dump|dumps|Pickler|Unpickler|HIGHEST_PROTOCOL|DEFAULT_PROTOCOL|\w*Error)$/,
  /^(logging|warnings|traceback|contextlib|threading|queue|concurrent|tempfile|glob|fnmatch|pathlib|gzip|bz2|lzma|zipfile|tarfile|csv|shelve|configparser|inspect|copyreg|platform|multiprocessing|_thread|signal|locale|getpass|gc|weakref|tokenize|mimetypes|fileinput|linecache|sqlite3|email|html|xml|calendar|timeit|argparse|pprint|atexit|faulthandler|resource|selectors|zlib|codecs|asyncio|unittest|doctest|dis|ast|typing|abc|types|symtable|pickletools|_pickle)$/,
  /^logging\.(?!config\b|handlers\.(Socket|Datagram|SMTP|HTTP|SysLog))/,
  /^(warnings|traceback|threading|_thread|queue|contextlib|glob|fnmatch|csv|configparser|email|html|calendar|argparse|pprint|selectors|zlib|typing|abc|weakref|getpass|locale|resource|signal\.SIG)\b/,
  /^(tempfile|pathlib|gzip|bz2|lzma|zipfile|tarfile|shelve|tokenize|mimetypes|linecache|sqlite3)\./,
  /^concurrent\.futures\b/,
  /^asyncio\.(?!subprocess|create_subprocess|open_connection|start_server|open_unix)/,
  /^multiprocessing\.((context\.|pool\.|process\.)?(\w*Process|Pool|ThreadPool)|cpu_count|Lock|RLock|Queue|Manager|current_process|get_context|set_start_method|Value|Array|Event)$/,
  /^inspect\.(signature|getfullargspec|getargspec|is\w+|getmembers|Parameter(\.\w+)?|getdoc|getmodule|getmro|cleandoc)$/,
  /^platform\.(system|machine|node|python_version|platform|release|processor|uname)$/,
  /^importlib(\.(metadata|resources|util|import_module)(\.(version|find_spec|files|as_file|path|open_text|open_binary|read_text|PackageNotFoundError))?)?$/,
  /^shutil\.(copy\w*|which|disk_usage|get_terminal_size|move|make_archive|unpack_archive|ignore_patterns|rmtree)$/,
  /^(os|posix|nt)\.(remove|unlink|rmdir|removedirs|rename|renames|replace|chmod|utime|truncate|symlink|link)$/,
  /^socket\.(gethostname|getfqdn|timeout|error|gaierror)$/,
  /^gc\.(collect|disable|enable|isenabled)$/,
  /^types\.(SimpleNamespace|MethodType|ModuleType|GeneratorType|MappingProxyType|LambdaType|FunctionType|NoneType|DynamicClassAttribute|BuiltinFunctionType)$/,
  /^ast\.(literal_eval|parse|walk|dump|[A-Z]\w*)$/,
  /^codecs\.(open|encode|decode|lookup|BOM\w*|getreader|getwriter)$/,
  /^timeit\.default_timer$/,
  /^xml\.(etree|dom|sax)\b/,
  /^(super|builtins\.super)\b/,
  /^builtins\.\w+\.__(new|init|setattr|getattribute|delattr|eq|ne|hash|repr|str|format|len|iter|getitem|setitem|contains|doc|name)__$/,
];

/** What talks to other machines: HTTP, which models that ask a service use, apart from what opens raw connections. */
const HTTP =
  /^(urllib\.(request|error|robotparser)|urllib2|urllib\.urlopen|http\.(client|cookiejar)|xmlrpc|requests|httpx|aiohttp|urllib3|httplib2?|boto3?|botocore|huggingface_hub|gdown|ssl|websockets?|grpc|pymongo|redis|sqlalchemy|psycopg2?|pymysql|MySQLdb|elasticsearch|kafka|pika|snowflake|google\.cloud|azure)\b/;

/** Bare modules that lead to the system: what they are handed to may pick what it likes. */
const SYSTEM =
  /^(os|posix|nt|sys|subprocess|builtins|__builtin__|importlib|imp|ctypes|_ctypes|pty|socket|_socket|marshal|runpy|code|codeop|pickle|_pickle|shutil|commands|_posixsubprocess|gc|inspect|types|_thread|operator|_operator|pdb|bdb|webbrowser|multiprocessing)$/;

export function isSystem(path: string): boolean {
  return SYSTEM.test(path);
}

/** What it says that code comes to this path. */
export function pathDeed(path: string): Deed | undefined {
  const dot = path.indexOf(".");
  if (path.includes("()") || path.startsWith("<")) return instanceDeed(path);
  if (dot < 0 || SYSTEM.test(path)) return dot < 0 && SYSTEM.test(path) ? undefined : moduleDeed(path);
  if (ORDINARY.some((pattern) => pattern.test(path))) return undefined;
  if (HTTP.test(path)) return { level: "asks", what: `reaches ${path}, which talks to other machines` };
  if (path === "sys._getframe") return { level: "asks", what: "reads the interpreter's stack" };
  const { level, origin, reason } = classify(path.slice(0, dot), path.slice(dot + 1));
  if (level !== "dangerous") return undefined;
  if (origin === "python") return { level: "acts", what: `reaches ${path}, which ${reason}` };
  return frameworkDeed(path, reason);
}

/** Of packages, what only runs commands or compiles and runs code that it is given. */
const RUNNERS =
  /^(torch\.utils\.(cpp_extension|collect_env)|torch\.cuda\.jiterator|numpy\.(distutils|f2py)|scipy\.weave|IPython\.(get_ipython|core|terminal|embed|start_ipython|utils)|tensorflow\.load_(op_)?library|pip|uv|conda|sh|plumbum|pexpect|ptyprocess|paramiko|fabric|invoke|execnet|delegator|envoy|sarge|win32api|win32com|asteval|simpleeval|RestrictedPython|js2py|execjs|cppyy|cffi|_cffi_backend|llvmlite|pyximport|[cC]ython\.inline|pycuda|pyopencl|pythran|weave|spacy\.util\.(run_command|subprocess|importlib|import_file)|gensim\.utils\.(check_output|subprocess)|fastcore\.(xtras\.(run|exec_\w+)|basics\.exec_\w+))\b/;
/** What honest code asks of packages whose other parts reach the system. */
const HARMLESS = /^(psutil|filelock|loky|pkg_resources|patsy|formulaic|statsmodels|setuptools|tqdm)\b/;
const WORSE =
  /operating system|native code|\bruns commands|other machines|downloads and runs|evaluates text|by its name|compiles and runs/;

/** Lists of frameworks name what must not run while loading; in a function that a user calls most of it is ordinary. */
function frameworkDeed(path: string, reason: string): Deed {
  const what = `reaches ${path}, which ${reason}`;
  if (RUNNERS.test(path)) return { level: "acts", what };
  return { level: WORSE.test(reason) && !HARMLESS.test(path) ? "asks" : "able", what };
}

function moduleDeed(path: string): Deed | undefined {
  if (!HTTP.test(path)) return undefined;
  return { level: "asks", what: `imports ${path}, which talks to other machines` };
}

/** Methods of what a call gave. */
function instanceDeed(path: string): Deed | undefined {
  const name = path.slice(path.lastIndexOf(".") + 1);
  if (/^<class>/.test(path) && /^__(subclasses|globals|builtins)__/.test(name))
    return { level: "acts", what: "looks for classes of the interpreter" };
  if (
    /^pathlib\./.test(path) &&
    /^(write_text|write_bytes|unlink|rmdir|chmod|symlink_to|hardlink_to)$/.test(name)
  )
    return { level: "asks", what: `changes files by pathlib's \`${name}\`` };
  return attributeDeed(name);
}
