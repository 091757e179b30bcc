import { type Client, createClient, type WorkspaceEvent } from "@countersign/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { admitted, api, type TestServer, testServer } from "../../testing/server.js";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.dispose());

async function collect(
  count: number,
  after?: string,
  client: Client = server.client,
): Promise<WorkspaceEvent[]> {
  const stop = new AbortController();
  const found: WorkspaceEvent[] = [];
  for await (const event of client.events({
    signal: stop.signal,
    ...(after === undefined ? {} : { after }),
  })) {
    found.push(event);
    if (found.length === count) stop.abort();
  }
  return found;
}

test("200: a reader that comes back gets everything since, each once and in order", async () => {
  await admitted(server.client, "first");
  const all = await collect(5, "0");
  const ids = all.map(({ id }) => Number(id));
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
  expect(all.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["job", "entry", "decision"]));
  const rest = await collect(2, all[2]?.id);
  expect(rest.map(({ id }) => id)).toEqual([all[3]?.id, all[4]?.id]);
});

test("200: what happens while somebody listens arrives", async () => {
  let waiting: Promise<WorkspaceEvent[]> = Promise.resolve([]);
  await new Promise<void>((listens) => {
    const answering: typeof fetch = async (...asked) => {
      const answer = await fetch(...asked);
      listens();
      return answer;
    };
    const { url: baseUrl, token } = server;
    waiting = collect(4, undefined, createClient({ baseUrl, token, fetch: answering }));
  });
  await admitted(server.client, "second", { "m.bin": Buffer.from("2") });
  expect((await waiting).length).toBe(4);
});

test("401 and 404: no stream without a token, or for another workspace", async () => {
  expect((await fetch(`${server.url}${api("/events")}`)).status).toBe(401);
  const headers = { authorization: `Bearer ${server.token}` };
  expect((await fetch(`${server.url}/api/v1/workspaces/other/events`, { headers })).status).toBe(404);
});

test.each(["x", "-1", "99999999999999999999", "1; drop table events"])(
  "Last-Event-ID %j is harmless",
  async (id) => {
    const stop = new AbortController();
    const headers = { authorization: `Bearer ${server.token}`, "last-event-id": id };
    const answer = await fetch(`${server.url}${api("/events")}`, { headers, signal: stop.signal });
    expect(answer.status).toBe(200);
    stop.abort();
  },
);
