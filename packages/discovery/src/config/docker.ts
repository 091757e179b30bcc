import { readCommand, readServerArguments, readServerVariable, type Said } from "./command.js";
import { serverOfImage } from "./images.js";
import type { SaidAt } from "./keys.js";
import { readScript } from "./shell.js";

interface Instruction {
  name: string;
  rest: string;
  line: number;
}

function instructions(text: string): Instruction[] {
  const found: Instruction[] = [];
  let open: Instruction | undefined;
  for (const [index, row] of text.split("\n").entries()) {
    const comment = /^\s*#/.test(row);
    if (open) open.rest += comment ? "\\\n" : `\n${row}`;
    else if (!comment) open = instructionIn(row, index + 1);
    if (!open || comment || /\\\s*$/.test(row)) continue;
    found.push(open);
    open = undefined;
  }
  return open ? [...found, open] : found;
}

function instructionIn(row: string, line: number): Instruction | undefined {
  const start = /^\s*([A-Za-z]+)\s+(.*)$/.exec(row);
  return start ? { name: (start[1] ?? "").toUpperCase(), rest: start[2] ?? "", line } : undefined;
}

/** Reads a Dockerfile: its base images, what it sets, fetches and starts. */
export function readDockerfile(text: string): SaidAt[] {
  const stage: Stage = { variables: new Map(), provider: undefined };
  return instructions(text).flatMap((one) => {
    const said = READERS[one.name]?.(one, stage) ?? [];
    return said.map((each) => ({ line: one.line, ...each }));
  });
}

/** What the instructions so far have set. */
interface Stage {
  readonly variables: Map<string, string>;
  provider: string | undefined;
}

type Reader = (instruction: Instruction, stage: Stage) => (Said & { line?: number })[];

const based: Reader = ({ rest }, stage) => {
  const image = substitute(rest.replace(/--platform=\S+\s+/, "").split(/\s+/)[0] ?? "", stage.variables);
  stage.provider = serverOfImage(image);
  if (stage.provider === undefined || image.includes("$")) return [];
  return [{ kind: "Image", name: image, provider: stage.provider, confidence: "high" }];
};

const set: Reader = ({ name, rest }, { variables, provider }) =>
  pairs(rest).flatMap(([key, value]) => {
    variables.set(key, substitute(value, variables));
    return name === "ENV" && provider !== undefined ? readServerVariable(key, value, provider) : [];
  });

const run: Reader = ({ rest, line }, { variables }) => [
  ...readScript(rest, variables).flatMap((command) =>
    readCommand(command.words).map((one) => ({ ...one, line: line + command.line - 1 })),
  ),
  ...pythonInline(rest),
];

const start: Reader = ({ rest }, { variables, provider }) => started(rest, variables, provider);

const READERS: Readonly<Record<string, Reader>> = {
  FROM: based,
  ENV: set,
  ARG: set,
  RUN: run,
  CMD: start,
  ENTRYPOINT: start,
};

// `RUN python -c "from sentence_transformers import SentenceTransformer; SentenceTransformer('all-MiniLM-L6-v2')"`.
function pythonInline(rest: string): Said[] {
  if (!/python\d?\s+-c/.test(rest)) return [];
  return [
    ...rest.matchAll(
      /(?:from_pretrained|SentenceTransformer|CrossEncoder|WhisperModel|snapshot_download|load_model|TextEmbedding|pipeline\([^)]*model=)\(?\s*(?:repo_id=|model_name=)?\\?["']([\w./:-]+)\\?["']/g,
    ),
  ].flatMap((match): Said[] =>
    match[1] === undefined
      ? []
      : [
          {
            kind: "Model",
            name: match[1],
            provider: /whisper/i.test(match[0]) ? "whisper" : "huggingface",
            confidence: "high",
          },
        ],
  );
}

function started(rest: string, variables: Map<string, string>, provider: string | undefined): Said[] {
  const words = /^\s*\[/.test(rest)
    ? listed(rest)
    : readScript(rest, variables).flatMap((command) => [...command.words]);
  const filled = words.map((word) => substitute(word, variables));
  const script = /sh$/.test(filled[0] ?? "") && filled[1] === "-c" ? filled[2] : undefined;
  if (script !== undefined)
    return readScript(script, variables).flatMap((command) => readCommand(command.words));
  return provider === undefined ? readCommand(filled) : readServerArguments(filled, provider);
}

const listed = (text: string): string[] =>
  [...text.matchAll(/"((?:\\.|[^"\\])*)"/g)].map((found) => (found[1] ?? "").replace(/\\(.)/g, "$1"));

const pairs = (rest: string): [string, string][] => {
  const equals = [...rest.matchAll(/([A-Za-z_]\w*)=("(?:\\.|[^"\\])*"|'[^']*'|\S*)/g)].map(
    (found): [string, string] => [found[1] ?? "", (found[2] ?? "").replace(/^["']|["']$/g, "")],
  );
  const plain = /^\s*([A-Za-z_]\w*)\s+(.+)$/s.exec(rest);
  return equals.length > 0 || !plain ? equals : [[plain[1] ?? "", (plain[2] ?? "").trim()]];
};

const substitute = (text: string, variables: ReadonlyMap<string, string>): string =>
  text.replace(
    /\$\{?(\w+)(?::-([^}]*))?\}?/g,
    (found, name: string, preset?: string) => variables.get(name) ?? preset ?? found,
  );
