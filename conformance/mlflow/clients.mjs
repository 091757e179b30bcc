import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { run } from "./spawn.mjs";

/** What pip is asked for. The newest is whatever resolves today. */
const WANTED = { "3.0": "mlflow==3.0.*", 3.6: "mlflow==3.6.*", newest: "mlflow" };

const INSTALL_MS = 6 * 60_000;
const PROBE_MS = 30_000;

/** Virtual environments outside the repository, kept from run to run. */
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "countersign", "mlflow");

export async function prepareClients(labels) {
  const wanted = labels.length > 0 ? labels : Object.keys(WANTED);
  const unknown = wanted.find((label) => WANTED[label] === undefined);
  if (unknown) throw new Error(`no client is called ${unknown}: take ${Object.keys(WANTED).join(", ")}`);
  const base = await findPython();
  if (!base) return { skipped: "there is no Python 3.10 or newer" };
  const online = await reachable(base);
  const cached = wanted.filter((label) => existsSync(readyFile(label)));
  if (!online && cached.length === 0) return { skipped: "PyPI is not reachable" };
  const ready = [];
  const missing = [];
  for (const label of wanted) {
    const client = await prepare(base, label, online);
    if (client.version) ready.push(client);
    else missing.push(client);
  }
  return { ready, missing };
}

const placeOf = (label) => join(CACHE, label);
const readyFile = (label) => join(placeOf(label), "ready");
const binOf = (label) => join(placeOf(label), "bin", "python");

async function findPython() {
  for (const name of ["python3.13", "python3.12", "python3.11", "python3.10", "python3"]) {
    const code = "import sys, venv, ensurepip; sys.exit(0 if (3, 10) <= sys.version_info < (3, 14) else 1)";
    if ((await run(name, ["-c", code], { timeout: PROBE_MS })).code === 0) return name;
  }
  return undefined;
}

/** Through pip itself, so that an index, a proxy or a certificate that is set for it counts. */
async function reachable(base) {
  const place = join(CACHE, `probe-${process.pid}`);
  try {
    await mkdir(place, { recursive: true });
    const pip = [
      "-m",
      "pip",
      "download",
      "-q",
      "--no-deps",
      "--retries",
      "0",
      "--timeout",
      "15",
      "-d",
      place,
    ];
    return (await run(base, [...pip, "iniconfig"], { timeout: PROBE_MS })).code === 0;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function prepare(base, label, online) {
  const had = existsSync(readyFile(label));
  // The newest of last week is not the newest of today.
  if (online && (!had || label === "newest")) {
    const reason = await install(base, label, had);
    if (reason && !had) return { label, reason };
  } else if (!had) return { label, reason: "PyPI is not reachable" };
  const asked = await run(binOf(label), ["-c", "import mlflow; print(mlflow.__version__)"], {
    timeout: PROBE_MS * 4,
  });
  const version = asked.stdout.trim();
  return version ? { label, version, bin: binOf(label) } : { label, reason: asked.stderr.slice(-500) };
}

async function install(base, label, had) {
  console.log(`installing ${WANTED[label]} ...`);
  if (!had) {
    await rm(placeOf(label), { recursive: true, force: true });
    const made = await run(base, ["-m", "venv", placeOf(label)], { timeout: INSTALL_MS });
    if (made.code !== 0) return made.stderr.slice(-500);
  }
  const pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--upgrade", WANTED[label]];
  const done = await run(binOf(label), pip, { timeout: INSTALL_MS });
  if (done.code !== 0) return done.stderr.slice(-500) || "it took too long";
  await writeFile(readyFile(label), "");
  return undefined;
}
