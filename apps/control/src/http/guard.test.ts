import { expect, test } from "vitest";
import { addressesOf } from "./guard.js";

test("loopback answers to its names and its port, and to no other", () => {
  const { hosts, origins, url, secure } = addressesOf("127.0.0.1", 8420, "");
  expect([...hosts].sort()).toEqual(["127.0.0.1:8420", "[::1]:8420", "localhost:8420"]);
  expect(origins.has("http://localhost:8420")).toBe(true);
  expect(origins.has("http://localhost:3000")).toBe(false);
  expect(url).toBe("http://127.0.0.1:8420");
  expect(secure).toBe(false);
});

test("a public address is one more, and decides about secure cookies", () => {
  const { hosts, origins, url, secure } = addressesOf("0.0.0.0", 8420, "https://sign.example.com/");
  expect(hosts.has("sign.example.com")).toBe(true);
  expect(origins.has("https://sign.example.com")).toBe(true);
  expect(url).toBe("https://sign.example.com");
  expect(secure).toBe(true);
});

test("an IPv6 host is written in brackets", () => {
  expect(addressesOf("::1", 1, "").url).toBe("http://[::1]:1");
});
