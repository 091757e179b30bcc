import { expect, test } from "vitest";
import { staticResource } from "./static.js";
import { tilePath } from "./tiles.js";

test.each([
  "checkpoint",
  "tile/0/000",
  "tile/63/000",
  "tile/0/255.p/255",
  "tile/entries/x001/x234/067",
  "tile/entries/x001/x000/000.p/1",
])("%s is served", (path) => {
  expect(staticResource(path)?.path).toBe(path);
});

test.each([
  "",
  "state",
  "journal/0000000000000000",
  "lock/1-2-3",
  "tile/64/000",
  "tile/00/000",
  "tile/0/x000/001",
  "tile/0/0",
  "tile/0/000.p/0",
  "tile/0/000.p/01",
  "tile/0/000.p/256",
  "tile/0/../../state",
  "/tile/0/000",
  "tile/0/000/",
  "checkpoint/",
])("%s is not", (path) => {
  expect(staticResource(path)).toBeUndefined();
});

test("tile paths follow the specification", () => {
  expect(tilePath(0, 1234067)).toBe("tile/0/x001/x234/067");
  expect(tilePath("entries", 0, 3)).toBe("tile/entries/000.p/3");
  expect(tilePath(1, 999_999_999)).toBe("tile/1/x999/x999/999");
  expect(tilePath(2, 1000)).toBe("tile/2/x001/000");
});
