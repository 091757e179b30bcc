import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Client, createClient, type Route, routes, type Scope } from "@countersign/api";
import { Value } from "typebox/value";
import { type Config, parseConfig } from "../config/config.js";
import { type Control, startControl } from "../start.js";

export interface TestServer {
  control: Control;
  config: Config;
  url: string;
  /** Speaks with an admin token as `operator`. */
  client: Client;
  token: string;
  lines: string[];
  /** What an intruder with the database's password has. */
  database: { query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> };
  tokenFor(scope: Scope, principal?: string): Promise<string>;
  /** Stops and removes everything. */
  dispose(): Promise<void>;
}

export async function testDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "countersign-server-"));
  // So that PostgreSQL finds its way when the tests run as root.
  await chmod(directory, 0o711);
  return join(directory, "data");
}

/** A real server on a real socket and a real database. */
export async function testServer(settings: Partial<Config> = {}): Promise<TestServer> {
  const directory = settings.directory ?? (await testDirectory());
  const lines: string[] = [];
  const config = parseConfig({ port: 0, example: false, drainMs: 2_000, ...settings, directory });
  const control = await startControl(config, { destination: { write: (line) => void lines.push(line) } });
  const tokenFor = async (scope: Scope, principal = "operator") =>
    (await control.newToken({ label: "test", scope, principal })).token;
  const token = await tokenFor("admin");
  return {
    control,
    config,
    url: control.url,
    client: createClient({ baseUrl: control.url, token, fetch: checkedFetch }),
    token,
    lines,
    database: control.database.pool,
    tokenFor,
    dispose: async () => {
      await control.close();
      await rm(dirname(directory), { recursive: true, force: true });
    },
  };
}

/** Every answer that a test gets is what its schema, and so OpenAPI, says. */
const checkedFetch: typeof fetch = async (input, init) => {
  const answer = await fetch(input, init);
  const route = routeOf(new URL(String(input)).pathname, init?.method ?? "GET");
  if (!answer.ok || answer.status === 204 || !route?.response) return answer;
  const body: unknown = await answer.clone().json();
  const [wrong] = Value.Errors(route.response, body);
  if (answer.status !== route.status || wrong) {
    throw new Error(`${route.id} answered ${answer.status}: ${wrong?.instancePath} ${wrong?.message}`);
  }
  return answer;
};

function routeOf(path: string, method: string): Route | undefined {
  const all: Route[] = Object.values(routes);
  return all.find(
    (route) =>
      route.method === method && new RegExp(`^${route.path.replace(/\{\w+\}/g, "[^/]+")}$`).test(path),
  );
}

export function api(path: string): string {
  return `/api/v1/workspaces/default${path}`;
}

/** A small model that nothing is wrong with: a safetensors file with one tensor. */
export function cleanFile(): Uint8Array {
  const header = JSON.stringify({ w: { dtype: "F32", shape: [2], data_offsets: [0, 8] } });
  const text = Buffer.from(header.padEnd(Math.ceil(header.length / 8) * 8, " "));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([size, text, Buffer.alloc(8)]);
}

/** A pickle that would run a command when loaded. */
export function poisonedFile(): Uint8Array {
  return Buffer.from("cos\nsystem\n(S'echo pwned'\ntR.", "latin1");
}

/** Uploads, waits, and answers what the job came to. */
export async function admitted(
  client: Client,
  name: string,
  files: Record<string, Uint8Array> = { "model.safetensors": cleanFile() },
  more: { licence?: string; origin?: string; signAs?: string } = {},
): Promise<{ artifact: string; outcome: string }> {
  const parts = Object.entries(files).map(([path, data]) => ({
    path,
    data: new Blob([new Uint8Array(data)]),
  }));
  const job = await client.uploads.create({ name, files: parts, ...more });
  const { result } = await client.jobs.wait(job.id, { every: 20 });
  const { artifact, decision } = result as { artifact: string; decision: { outcome: string } };
  return { artifact, outcome: decision.outcome };
}
