import { resolve } from "node:path";
import { expect, test } from "vitest";
import { parseConfig } from "./config.js";

test("defaults are loopback, port 8420 and the embedded database", () => {
  const config = parseConfig();
  expect(config).toMatchObject({ host: "127.0.0.1", port: 8420, databaseUrl: "", example: true });
  expect(config.directory).toBe(resolve("countersign-data"));
});

test("what is given wins over the environment; texts become numbers and flags", () => {
  const env = { COUNTERSIGN_PORT: "9000", COUNTERSIGN_EXAMPLE: "false", COUNTERSIGN_LOG_LEVEL: "warn" };
  expect(parseConfig({ port: 0 }, env)).toMatchObject({ port: 0, example: false, logLevel: "warn" });
  expect(parseConfig({ port: "81" }, env).port).toBe(81);
});

test.each([
  ["COUNTERSIGN_PORT", "70000"],
  ["COUNTERSIGN_PORT", "x"],
  ["COUNTERSIGN_PUBLIC_URL", "ftp://x"],
  ["DATABASE_URL", "mysql://user:hunter2@host/db"],
  ["COUNTERSIGN_WORKSPACE", "A b"],
  ["COUNTERSIGN_WITNESS", "nonsense"],
])("%s=%s is refused by name, without its secret", (name, value) => {
  const parse = () => parseConfig({}, { [name]: value });
  expect(parse).toThrow(name);
  expect(parse).not.toThrow("hunter2");
  expect(parse).toThrow(expect.objectContaining({ code: "config-invalid" }));
});
