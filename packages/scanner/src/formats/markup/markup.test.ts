import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FileReport } from "../../core/report.js";
import { scanBytes, scanSource } from "../../core/scan-bytes.js";
import { bytesSource } from "../../core/source.js";
import { cpuTime } from "../../testing/cpu-time.js";
import { sample } from "../../testing/samples.js";

const scan = (data: Uint8Array | string, name: string): FileReport => scanBytes(Buffer.from(data), name);
const rules = (data: Uint8Array | string, name = "m.pmml"): string[] =>
  scan(data, name).findings.map(({ rule }) => rule);

it.each([
  ["nyoka-dt.pmml", "pmml"],
  ["cat-clf.pmml", "pmml"],
  ["openvino-conv.xml", "openvino"],
  ["openvino-if.xml", "openvino"],
])("takes %s for a clean %s model", (name, format) => {
  expect(scan(sample(name), name)).toMatchObject({ verdict: "clean", format, findings: [] });
  const wide = Buffer.from(`\ufeff${sample(name).toString()}`, "utf16le");
  expect(scan(wide, name)).toMatchObject({ verdict: "clean", format });
  expect(scan(Buffer.from(wide).swap16(), name)).toMatchObject({ verdict: "clean", format });
});

const pmml = (body: string, head = ""): string =>
  `<?xml version="1.0"?>${head}<PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/>${body}</PMML>`;

describe("PMML", () => {
  it.each([
    ["a file", pmml("&e;", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>')],
    ["an address through a parameter", pmml("", '<!DOCTYPE x [<!ENTITY % e SYSTEM "http://a.b/c"> %e;]>')],
    ["a definition elsewhere", pmml("", '<!DOCTYPE PMML SYSTEM "http://a.b/c.dtd">')],
    [
      "an included file",
      pmml('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'),
    ],
  ])("may not refer to %s", (_, text) => {
    expect(rules(text)).toEqual(["markup-entity"]);
    expect(rules(Buffer.from(`\ufeff${text}`, "utf16le"))).toEqual(["markup-entity"]);
  });

  it.each([
    '<!DOCTYPE PMML SYSTEM "pmml-4-4.dtd">',
    '<!DOCTYPE PMML PUBLIC "-//DMG//DTD PMML" "../dtd/pmml-4-4.dtd">',
    '<!DOCTYPE PMML PUBLIC "PMML 3.0" "http://www.dmg.org/v3-0/pmml-3-0.dtd">',
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">',
    '<!DOCTYPE book SYSTEM "http://docbook.sourceforge.net/release/dtd/docbook.dtd">',
    '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
  ])("may have the ordinary definition %s", (head) => expect(rules(pmml("", head))).toEqual([]));

  it("tells what lies beside it from what lies outside", () => {
    const entity = (address: string): string[] =>
      rules(pmml("", `<!DOCTYPE x [<!ENTITY e SYSTEM "${address}">]>`));
    expect(entity("chapter.xml")).toEqual(["markup-part"]);
    for (const address of [
      "../x",
      "/etc/passwd",
      "\\\\host\\x",
      "ftp://a/b",
      "http://w3.org.evil.example/x.dtd",
      "%2e%2e/x",
    ])
      expect(entity(address), address).toEqual(["markup-entity"]);
    const public_ = '<!DOCTYPE x PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://a.b/c.dtd">';
    expect(rules(pmml("", public_))).toEqual(["markup-entity"]);
  });

  it("is watched in files of declarations too", () => {
    expect(rules('<!ENTITY % e SYSTEM "file:///etc/passwd">', "pmml.dtd")).toEqual(["markup-entity"]);
  });

  it("may not grow without bounds, and may have small entities", () => {
    const nested = (depth: number): string =>
      Array.from({ length: depth }, (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`).join("\n");
    const text = (depth: number): string => pmml("&a1;", `<!DOCTYPE x [<!ENTITY a0 "lol">${nested(depth)}]>`);
    expect(rules(text(9))).toEqual(["markup-expansion"]);
    expect(rules(text(3))).toEqual([]);
  });

  it.each([
    '<Extension name="run" value="java.lang.Runtime.getRuntime().exec(\'id\')"/>',
    "<Extension><script>new ActiveXObject('WScript.Shell')</script></Extension>",
    "<Extension>import os; os.system('id')</Extension>",
    "<Extension><![CDATA[subprocess.Popen(['id'])]]></Extension>",
    '<Extension value="&#111;s.system(1)"/>',
    "<script>eval(atob('x'))</script>",
  ])("may not carry %s", (body) => {
    expect(scan(pmml(body), "m.pmml").verdict).toBe("malicious");
    expect(rules(pmml(body))).toEqual(["markup-code"]);
  });
  it.each([
    "<script>x = 1</script>",
    '<Extension name="script">x</Extension>',
    '<Extension value="javascript:x"/>',
  ])("says that it carries the script %s", (body) => expect(rules(pmml(body))).toEqual(["markup-script"]));
  it.each([
    ['<Extension extender="KNIME" name="exec" value="17"/>', []],
    ['<Extension name="description">Executes the system of rules (os, subprocess).</Extension>', []],
    ['<Apply function="org.jpmml.cdk.Aromaticity"/>', ["pmml-class"]],
    ['<Apply function="java.lang.ProcessBuilder"/>', ["pmml-platform-class"]],
    ['<Apply function="x-mapping"/>', []],
  ])("reads %s as %j", (body, expected) => expect(rules(pmml(body))).toEqual(expected));
  it("hides nothing behind its length", () => {
    const long = `<Array>${"1 ".repeat(20 * 1024 * 1024)}</Array>`;
    expect(rules(pmml(`${long}<script>eval(1)</script>`))).toEqual(["markup-code"]);
  });
});

describe("other XML", () => {
  it.each([
    '<java version="1.8" class="java.beans.XMLDecoder"><object class="java.lang.ProcessBuilder"/></java>',
    '<beans><bean id="x" class="java.lang.ProcessBuilder" init-method="start"/></beans>',
    "<sorted-set><dynamic-proxy><handler><target class='java.lang.ProcessBuilder'/></handler></dynamic-proxy></sorted-set>",
    '<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:rt="http://xml.apache.org/xalan/java/java.lang.Runtime"/>',
    '<xsl:stylesheet xmlns:xsl="x"><msxsl:script language="C#">x</msxsl:script></xsl:stylesheet>',
  ])("may not name what starts something: %s", (text) =>
    expect(rules(text, "m.xml")).toEqual(["markup-code"]),
  );
  it.each([
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"><html><a title="x > y">b</a></html>',
    "<unk>\n<s>\n</s>\n<a\n'\n\"\n<|im_start|>\nline",
    "<annotation><object class='dog'><name>java.lang</name></object></annotation>",
    "<!-- <!ENTITY e SYSTEM 'x'> --><a/>",
  ])("lets %s pass", (text) => expect(rules(text, "m.xml")).toEqual([]));
});

describe("OpenVINO", () => {
  const text = sample("openvino-conv.xml").toString();
  it.each([
    ["an offset that no file has", text.replace('offset="0"', 'offset="99999999999999999999"')],
    ["a negative offset", text.replace('offset="0"', 'offset="-8"')],
    ["fewer bytes than its shape", text.replace(/size="\d+"/, 'size="8"')],
    ["a shape that is no shape", text.replace('shape="4, 3, 3, 3"', 'shape="4, -3, 3, 3"')],
  ])("may not have a constant with %s", (_, changed) => {
    expect(changed).not.toBe(text);
    expect(rules(changed, "m.xml")).toEqual(["openvino-malformed"]);
  });
  it("may not name native code", () => {
    const layer = text.replace('type="ReLU"', 'type="ReLU" library="/tmp/evil.so"');
    expect(rules(layer, "m.xml")).toEqual(["openvino-library"]);
    expect(rules(text.replace('name="', 'name="a.so" names="b.dll" x="'), "m.xml")).toEqual([]);
  });
  it("notes operators of another set", () => {
    const report = scan(
      text.replace('type="ReLU" version="opset1"', 'type="Evil" version="evil_ops"'),
      "m.xml",
    );
    expect(report.findings.map(({ rule }) => rule)).toEqual(["openvino-custom-operator"]);
    expect(report.verdict).toBe("clean");
  });
});

it("gives a report for any change of any of them", () => {
  const pieces = fc.constantFrom(
    "<",
    ">",
    "<!DOCTYPE",
    "<!ENTITY a ",
    "]>",
    "<![CDATA[",
    "]]>",
    "'",
    '"',
    "&a;",
    "<!--",
    "<?x ",
  );
  fc.assert(
    fc.property(
      fc.constantFrom("openvino-conv.xml", "nyoka-dt.pmml"),
      fc.array(fc.tuple(fc.nat(), pieces), { maxLength: 6 }),
      (name, changes) => {
        let text = sample(name).toString();
        for (const [place, piece] of changes) {
          const at = place % text.length;
          text = text.slice(0, at) + piece + text.slice(at);
        }
        expect(rules(text, name)).not.toContain("parser-failed");
      },
    ),
    { numRuns: 300 },
  );
});

it("holds an OpenVINO model against the weights beside it", () => {
  const rulesWith = (weights: number | undefined): string[] =>
    scanSource(bytesSource(sample("openvino-conv.xml")), "openvino-conv.xml", undefined, undefined, (name) =>
      name === "openvino-conv.bin" ? weights : undefined,
    ).findings.map(({ rule }) => rule);
  expect(rulesWith(sample("openvino-conv.bin").length)).toEqual([]);
  expect(rulesWith(undefined)).toEqual([]);
  expect(rulesWith(100)).toEqual(["openvino-malformed"]);
});

describe("any length takes little time", () => {
  const MEGABYTE = 1024 * 1024;
  it.each([
    ["a name without an end", `<PMML ${"a".repeat(8 * MEGABYTE)}`],
    ["quotes without an end", '<a"'.repeat(MEGABYTE)],
    ["declarations", `<!DOCTYPE x [${"<!ENTITY ".repeat(MEGABYTE)}`],
    ["spaces", `<PMML${" ".repeat(8 * MEGABYTE)}>`],
    ["attributes", `<PMML ${'a="1"'.repeat(MEGABYTE)}>`],
    ["openings", "<".repeat(8 * MEGABYTE)],
    ["references", `<PMML a="${"&#x41;".repeat(MEGABYTE)}">`],
  ])("%s", (_, text) => {
    const started = cpuTime();
    scan(text, "m.pmml");
    expect(cpuTime() - started).toBeLessThan(10_000);
  });
});
