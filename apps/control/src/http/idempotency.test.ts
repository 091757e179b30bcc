import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Seals } from "../auth/seals.js";
import { flavours, type TestDatabase } from "../testing/database.js";
import { checkKey, Idempotency } from "./idempotency.js";

describe.each(flavours())("idempotency on $name PostgreSQL", ({ open }) => {
  let database: TestDatabase;
  let now = 1_000;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.dispose());
  const made = (owner = "one") =>
    new Idempotency(database.db, () => now, owner, new Seals(new Uint8Array(32)));
  const keyed = (key: string, request = "digest") => ({ workspace: "default", principal: "p", key, request });

  test("many at once run once and get the same answer", async () => {
    const idempotency = made();
    let runs = 0;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        idempotency.run(keyed("many"), async () => {
          await sleep(20);
          return { status: 201, body: { run: ++runs } };
        }),
      ),
    );
    expect(runs).toBe(1);
    expect(answers.every(({ status, body }) => status === 201 && (body as { run: number }).run === 1)).toBe(
      true,
    );
    expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
  });

  test("another request with the same key is refused; another principal has its own keys", async () => {
    const idempotency = made();
    const work = async () => ({ status: 200, body: 1 });
    await idempotency.run(keyed("reuse"), work);
    await expect(idempotency.run(keyed("reuse", "other"), work)).rejects.toMatchObject({
      code: "idempotency-conflict",
    });
    const other = await idempotency.run({ ...keyed("reuse", "other"), principal: "q" }, work);
    expect(other.repeated).toBe(false);
  });

  test("what failed may be tried again", async () => {
    const idempotency = made();
    await expect(idempotency.run(keyed("fail"), () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect((await idempotency.run(keyed("fail"), async () => ({ status: 200, body: 2 }))).body).toBe(2);
  });

  test("a claim that a killed server left is taken over", async () => {
    await new Promise<void>((claimed) => {
      void made("dead").run(keyed("killed"), () => {
        claimed();
        return new Promise(() => undefined);
      });
    });
    const answer = await made("alive").run(keyed("killed"), async () => ({ status: 200, body: 3 }));
    expect(answer).toMatchObject({ body: 3, repeated: false });
  });

  test("an answer that was changed in the table is not given", async () => {
    const idempotency = made();
    const work = async () => ({ status: 200, body: { outcome: "deny" } });
    await idempotency.run(keyed("sealed"), work);
    expect((await idempotency.run(keyed("sealed"), work)).body).toEqual({ outcome: "deny" });
    await database.pool.query(`update idempotency set body = '{"outcome":"allow"}' where key = 'sealed'`);
    await expect(idempotency.run(keyed("sealed"), work)).rejects.toMatchObject({
      code: "projection-mismatch",
    });
  });

  test("answers are forgotten after a day", async () => {
    const idempotency = made();
    await idempotency.run(keyed("old"), async () => ({ status: 200, body: 4 }));
    now += 25 * 3_600_000;
    await idempotency.sweep();
    expect((await idempotency.run(keyed("old", "other"), async () => ({ status: 200, body: 5 }))).body).toBe(
      5,
    );
  });

  test.each(["", "a b", "x".repeat(129), "ü"])("the key %j is refused", (key) => {
    expect(() => checkKey(key)).toThrow();
  });
});
