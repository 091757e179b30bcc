import type { Judged } from "@countersign/facts";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { admitted, type TestServer, testServer } from "../testing/server.js";
import type { Consumer } from "./consumer.js";
import { Runner } from "./runner.js";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
  await server.database.query("create table seen (name text, entry bigint, status text)");
});
afterAll(() => server.dispose());

function start(name: string, changes: { instance?: string; fail?: () => boolean } = {}): Runner {
  const { instance = "one", fail = () => false } = changes;
  const consumer: Consumer = {
    name,
    predicates: ["manifest", "scan"],
    apply: async (client: pg.PoolClient, items: readonly Judged[]) => {
      for (const { entry, status } of items) {
        await client.query("insert into seen values ($1, $2, $3)", [name, entry.index, status]);
      }
      if (fail()) throw new Error("no room");
    },
    forget: async (client) => void (await client.query("delete from seen where name = $1", [name])),
  };
  const { workspace, database } = server.control;
  return new Runner(consumer, { workspace, pool: database.pool, instance, onFault: () => undefined });
}

async function seenBy(name: string): Promise<string[]> {
  const { rows } = await server.database.query(
    "select entry, status from seen where name = $1 order by entry",
    [name],
  );
  return (rows as { entry: string; status: string }[]).map(({ entry, status }) => `${entry} ${status}`);
}

async function inLog(): Promise<string[]> {
  const { workspace } = server.control;
  const found: string[] = [];
  for await (const { index, predicate } of workspace.entries(0, workspace.size)) {
    if (predicate === "manifest" || predicate === "scan") found.push(`${index} held`);
  }
  return found;
}

const admit = (name: string): Promise<unknown> =>
  admitted(server.client, name, { "m.bin": Buffer.from(name) });

test("reads what was there before it and what comes while it runs, in order and once", async () => {
  await admit("before");
  const runner = start("reader");
  await Promise.all(["a", "b", "c"].map(admit));
  await runner.caughtUp();
  expect(await seenBy("reader")).toEqual(await inLog());
  await runner.close();
});

test("goes on where it was, and begins again in another data directory", async () => {
  const first = start("cursor");
  await first.caughtUp();
  await first.close();
  await server.database.query("delete from seen where name = 'cursor'");
  await admit("later");
  const second = start("cursor");
  await second.caughtUp();
  expect(await seenBy("cursor")).toEqual((await inLog()).slice(-2));
  await second.close();
  const elsewhere = start("cursor", { instance: "two" });
  await elsewhere.caughtUp();
  expect(await seenBy("cursor")).toEqual(await inLog());
  await elsewhere.close();
});

test("a cursor ahead of the log is not believed", async () => {
  await server.database.query("update cursors set position = 1000000 where consumer = 'cursor'");
  const runner = start("cursor", { instance: "two" });
  await runner.caughtUp();
  expect(await seenBy("cursor")).toEqual(await inLog());
  await runner.close();
});

test("what fails is stored not at all, is told to who waits, and is tried again", async () => {
  let full = true;
  const runner = start("failing", { fail: () => full });
  await expect(runner.caughtUp()).rejects.toThrow("no room");
  expect(await seenBy("failing")).toEqual([]);
  full = false;
  await runner.caughtUp();
  expect(await seenBy("failing")).toEqual(await inLog());
  await runner.close();
});
