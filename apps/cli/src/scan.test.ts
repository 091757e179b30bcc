import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { run, scratch, start } from "./testing/child.js";
import { cleanModel, MALICIOUS_PICKLE, maliciousModel } from "./testing/models.js";

const CORPUS = fileURLToPath(new URL("../../../../shared/data/scanner", import.meta.url));
if (!existsSync(CORPUS)) console.warn("shared/data is not here: scanning made files only");

describe("scan", { timeout: 180_000 }, () => {
  const cwd = scratch();
  const clean = cleanModel(join(cwd, "clean"));
  const bad = maliciousModel(join(cwd, "bad"));
  const say = (...args: string[]) => run(args, { cwd });

  it("prints exactly one JSON object, with paths relative to PATH", async () => {
    const { code, stdout, stderr } = await say("scan", "--output", "json", bad);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    const report = JSON.parse(stdout);
    expect(Object.keys(report).sort()).toEqual(["files", "scanner", "verdict"]);
    expect(report.verdict).toBe("malicious");
    expect(report.files).toHaveLength(1);
    expect(report.files[0]).toMatchObject({
      path: "model.pkl",
      verdict: "malicious",
      size: MALICIOUS_PICKLE.length,
    });
    const [finding] = report.files[0].findings;
    expect(finding).toMatchObject({ severity: expect.any(String), message: expect.any(String) });
    expect(finding.location).toBeTypeOf("object");
  });

  it("says in one line that all is clean", async () => {
    const { code, stdout, stderr } = await say("scan", clean);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^clean {2}2 files read whole[^\n]* {2}countersign rules [\d.]+\n$/);
    expect(stdout).not.toContain("\u001b");
  });

  it("shows what would have happened, where, and what to do", async () => {
    const { code, stdout } = await say("scan", join(bad, "model.pkl"));
    expect(code).toBe(1);
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^malicious {2}model\.pkl {2}\(pickle, \d+ B\)$/);
    expect(lines[1]).toBe("  critical  pickle-dangerous-call");
    expect(lines[2]).toContain('os.system("id")');
    expect(stdout).toMatch(/^ {4}at {9}byte \d+$/m);
    expect(stdout).toMatch(/^ {4}if loaded {2}Loading the file runs what the call says/m);
    expect(stdout).toMatch(/^ {4}to do {6}Do not load the file/m);
    expect(stdout).toMatch(/^malicious {2}1 file: 1 malicious/m);
  });

  it("shows the worst file first, and none that is clean", async () => {
    const mixed = join(cwd, "mixed");
    mkdirSync(mixed);
    writeFileSync(join(mixed, "a.txt"), "hello");
    writeFileSync(join(mixed, "b.pkl"), Uint8Array.from([0x80, 0x04, 0x95, 0xff, 0xff]));
    writeFileSync(join(mixed, "c.pkl"), MALICIOUS_PICKLE);
    const { stdout } = await say("scan", mixed);
    expect(stdout.match(/^\w+ {2}[abc]\.\w+/gm)).toEqual([
      "malicious  c.pkl",
      expect.stringMatching(/ {2}b\.pkl$/),
    ]);
    expect(stdout).toMatch(/^malicious {2}3 files: 1 malicious, .*1 clean/m);
  });

  it("takes patterns, and leaves out what it is told to", async () => {
    const paths = async (...args: string[]) =>
      JSON.parse((await say("scan", "--output", "json", ...args)).stdout).files.map(
        ({ path }: { path: string }) => path,
      );
    expect(await paths("*/model.*")).toEqual(["bad/model.pkl", "clean/model.onnx"]);
    expect(await paths("**/*.pkl", "--exclude", "mixed")).toEqual(["bad/model.pkl"]);
    expect(await paths("clean/*.json", join("bad", "model.pkl"))).toEqual([
      "clean/config.json",
      "bad/model.pkl",
    ]);
    writeFileSync(join(cwd, "odd[1].pkl"), "hello");
    expect(await paths("odd[1].pkl")).toEqual(["odd[1].pkl"]);
    for (const args of [["*.none"], ["none/*.pkl"], [clean, "--exclude", "*"]]) {
      const { code, stdout, stderr } = await say("scan", ...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain("There is no file to scan");
    }
  });

  it("names files in SARIF from where the command runs", async () => {
    const uris = async (path: string) =>
      JSON.parse((await say("scan", "--output", "sarif", path)).stdout).runs[0].artifacts.map(
        ({ location }: { location: { uri: string } }) => location.uri,
      );
    expect(await uris(bad)).toEqual(["bad/model.pkl"]);
    expect(await uris("bad/*.pkl")).toEqual(["bad/model.pkl"]);
  });

  it("keeps to the limits that it is given", async () => {
    const small = await say("scan", "--limit", "findings=0", "--output", "json", bad);
    expect(JSON.parse(small.stdout).verdict).toBe("incomplete");
    const wrong = await say("scan", "--limit", "stesp=1", bad);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("Limits are: depth");
  });

  it("explains a rule, and lists all", async () => {
    const { code, stdout } = await say("rules", "pickle-dangerous-call");
    expect(code).toBe(0);
    expect(stdout).toContain("If the file is loaded");
    expect(stdout).toContain("https://cwe.mitre.org/data/definitions/502.html");
    expect((await say("rules")).stdout).toMatch(/^archive-bomb +/m);
    expect(JSON.parse((await say("rules", "--output", "json")).stdout).rules.length).toBeGreaterThan(50);
    const wrong = await say("rules", "dangerous-call");
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("Did you mean pickle-dangerous-call?");
  });

  it("writes SARIF 2.1.0", async () => {
    const { code, stdout } = await say("scan", "--output", "sarif", bad);
    expect(code).toBe(1);
    const sarif = JSON.parse(stdout);
    expect(sarif.version).toBe("2.1.0");
    expect(sarif.runs[0].results.length).toBeGreaterThan(0);
  });

  it("writes JUnit and CycloneDX", async () => {
    const junit = await say("scan", "--output", "junit", bad);
    expect(junit.stdout).toMatch(/<testsuites [^>]*tests="1" failures="1" errors="0"/);
    const cyclonedx = JSON.parse((await say("scan", "--output", "cyclonedx", bad)).stdout);
    expect(cyclonedx).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6" });
    expect(cyclonedx.vulnerabilities.length).toBeGreaterThan(0);
  });

  it("reads one file from standard input", async () => {
    const { code, stdout } = await run(["scan", "--output", "json", "-"], { cwd, input: MALICIOUS_PICKLE });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).files).toMatchObject([{ path: "stdin", verdict: "malicious" }]);
  });

  it("leaves out what was accepted, until that ends", async () => {
    const { files } = JSON.parse((await say("scan", "--output", "json", bad)).stdout);
    const accept = (expires: string) =>
      files.flatMap((file: { sha256: string; findings: { rule: string }[] }) =>
        file.findings.map(({ rule }) => ({
          rule,
          sha256: file.sha256,
          owner: "sam",
          reason: "a drill",
          expires,
        })),
      );
    const withBaseline = (accepted: unknown[]) => {
      writeFileSync(join(cwd, "accepted.json"), JSON.stringify({ accepted }));
      return say("scan", bad, "--baseline", "accepted.json");
    };
    expect((await withBaseline(accept("2099-01-01"))).code).toBe(0);
    expect((await withBaseline(accept("2020-01-01"))).code).toBe(1);
    const broken = await withBaseline([{ rule: "no-such" }]);
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain("number 1: its rule is unknown");
  });

  it("writes a baseline to fill in, and nothing over it", async () => {
    const write = () => say("scan", bad, "--write-baseline", "draft.json");
    expect((await write()).code).toBe(1);
    const draft = JSON.parse(readFileSync(join(cwd, "draft.json"), "utf8"));
    expect(draft.accepted[0]).toMatchObject({ rule: "pickle-dangerous-call", file: "model.pkl", owner: "" });
    expect((await write()).stderr).toContain("is there already");
    expect((await say("scan", bad, "--baseline", "draft.json")).stderr).toContain("an owner and a reason");
    for (const entry of draft.accepted) Object.assign(entry, { owner: "sam", reason: "a drill" });
    writeFileSync(join(cwd, "signed.json"), JSON.stringify(draft));
    const { code, stdout } = await say("scan", bad, "--baseline", "signed.json");
    expect(code).toBe(0);
    expect(stdout).toContain("1 finding accepted");
    const sarif = JSON.parse(
      (await say("scan", bad, "--baseline", "signed.json", "--output", "sarif")).stdout,
    );
    expect(sarif.runs[0].results[0].suppressions).toMatchObject([
      { kind: "external", justification: "a drill" },
    ]);
  });

  it("scans several paths, and names each file below its own", async () => {
    const { code, stdout } = await say("scan", "--output", "json", "clean", "bad", join("bad", "model.pkl"));
    expect(code).toBe(1);
    const { files, verdict } = JSON.parse(stdout);
    expect(verdict).toBe("malicious");
    expect(files.map(({ path }: { path: string }) => path)).toEqual([
      "clean/config.json",
      "clean/model.onnx",
      "bad/model.pkl",
      "bad/model.pkl",
    ]);
  });

  it("takes a directory for a directory, also where a file in it has its name", async () => {
    mkdirSync(join(cwd, "same"));
    writeFileSync(join(cwd, "same", "same"), "hello");
    const { stdout } = await say("scan", "--output", "json", "same", "clean");
    expect(JSON.parse(stdout).files[0].path).toBe("same/same");
  });

  it("answers 1 for a file that could not be read whole", async () => {
    const cut = join(cwd, "cut");
    mkdirSync(cut);
    writeFileSync(join(cut, "model.pkl"), Uint8Array.from([0x80, 0x04, 0x95, 0xff, 0xff]));
    const { code, stdout } = await say("scan", "--output", "json", cut);
    expect(code).toBe(1);
    expect(["incomplete", "suspicious"]).toContain(JSON.parse(stdout).verdict);
  });

  it("says what is wrong with a path that is not there", async () => {
    const { code, stdout, stderr } = await say("scan", "nowhere");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("nowhere");
    expect(stderr).toMatch(/fix: /);
  });

  it("lets no file name act on the terminal or break a line", async () => {
    const hostile = join(cwd, "hostile");
    mkdirSync(hostile);
    const names = [
      "\u001b[2J\u001b[1;1Hclean.pkl",
      "a\rclean  pickle",
      "line\nclean  x.bin",
      "abc\u202elkp.exe",
    ];
    for (const name of names) writeFileSync(join(hostile, name), MALICIOUS_PICKLE);
    const table = await say("scan", hostile);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come through
    expect(table.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(table.stdout).toContain("\\x1b[2J");
    expect(table.stdout).not.toMatch(/^clean/m);
    const json = await say("scan", "--output", "json", hostile);
    expect(json.stdout).not.toContain("\u202e");
    expect(
      JSON.parse(json.stdout)
        .files.map(({ path }: { path: string }) => path)
        .sort(),
    ).toEqual([...names].sort());
  });

  it("does not follow a link out of the model without saying so", async () => {
    const linked = cleanModel(join(cwd, "linked"));
    symlinkSync("/etc/hostname", join(linked, "outside.txt"));
    const { code } = await say("scan", linked);
    expect(code).not.toBe(0);
  });

  it("survives a reader that goes away", async () => {
    const many = join(cwd, "many");
    mkdirSync(many);
    for (let index = 0; index < 400; index++) writeFileSync(join(many, `file-${index}.txt`), "x");
    const child = start(["scan", many], { cwd });
    const said: Buffer[] = [];
    child.stderr?.on("data", (chunk: Buffer) => said.push(chunk));
    child.stdout?.once("data", () => child.stdout?.destroy());
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(Buffer.concat(said).toString()).not.toMatch(/EPIPE|at .*\.ts/);
    expect([0, 1, 141]).toContain(code);
  });

  it.skipIf(!existsSync(CORPUS))("raises the alarm about a file of the shared corpus", async () => {
    const { readdirSync } = await import("node:fs");
    const found = readdirSync(CORPUS, { recursive: true, encoding: "utf8" }).find((path) =>
      /malicious.*\.pkl$/.test(path),
    );
    if (found === undefined) return;
    const { code, stdout } = await say("scan", "--output", "json", join(CORPUS, found));
    expect(code).toBe(1);
    expect(JSON.parse(stdout).verdict).not.toBe("clean");
  });
});
