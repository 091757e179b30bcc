import type { EventLevel } from "../../formats/python/events.js";
import { classify } from "../../globals/classify.js";
import { ORDINARY } from "./ordinary.js";

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
  if (ORDINARY.some(({ names }) => names.test(path))) return undefined;
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
