import type { Part, Scan } from "../../core/scan.js";
import { openvinoReader } from "./openvino.js";
import { pmmlReader } from "./pmml.js";
import {
  asUtf8,
  attributesOf,
  type Document,
  type ElementReader,
  local,
  resolve,
  type Token,
  xmlTokens,
} from "./xml.js";
import { reachOf, referencesOf } from "./xml-references.js";

type Kind = (document: Document) => ElementReader;

/** Kinds of documents by the name of their first element. */
const KINDS: Readonly<Record<string, Kind>> = { PMML: pmmlReader, net: openvinoReader };
const PLAIN: Kind = (document) => ({
  format: "xml",
  element: (token, attributes) => checkJava(document, token, attributes),
});

/** XML: entities that read other files or grow without end, objects that Java makes of it, then what its kind says. */
export function scanXml(scan: Scan, part: Part): string {
  const document: Document = { scan, part, source: asUtf8(scan, part.source), entities: new Map() };
  let reader: ElementReader | undefined;
  for (const token of xmlTokens(scan, document.source)) {
    if (token.kind === "doctype") checkDeclarations(document, token);
    else if (token.kind === "instruction") checkInstruction(document, token);
    else if (token.kind === "cdata") reader?.text?.(token);
    else {
      reader ??= kindOf(token)(document);
      const attributes = attributesOf(token, document.entities);
      checkInclude(document, token, attributes);
      reader.element(token, attributes);
    }
  }
  return reader?.format ?? "xml";
}

function kindOf({ name }: Token): Kind {
  const kind = Object.hasOwn(KINDS, local(name)) ? KINDS[local(name)] : undefined;
  return kind ?? PLAIN;
}

const INTERNAL = /<!ENTITY\s+(%\s+)?([^\s"'<>%]+)\s+(?:"([^"]*)"|'([^']*)')/gi;
const MAX_EXPANSION = 10 * 1024 * 1024;

function checkDeclarations({ scan, part, entities }: Document, { body, at }: Token): void {
  for (const { kind, text, at: index, reach } of referencesOf(body)) {
    // The definition of a document type beside the document is ordinary, and is examined as a file of its own.
    if (reach === "known" || (reach === "beside" && kind === "subset")) continue;
    const rule = reach === "outside" ? "markup-entity" : "markup-part";
    scan.report(rule, part, `The document refers to ${text}.`, { offset: at + index, cause: "entity" });
  }
  const sizes = new Map<string, number>();
  for (const [, parameter, name = "", double, single] of body.matchAll(INTERNAL)) {
    const value = double ?? single ?? "";
    scan.budget.step(16 + value.length);
    const size = expandedSize(value, sizes);
    sizes.set(name, size);
    if (!parameter) entities.set(name, resolve(value, entities).slice(0, 4096));
    if (size <= MAX_EXPANSION) continue;
    const message = `The entity ${JSON.stringify(name.slice(0, 60))} grows to more than ${MAX_EXPANSION} characters.`;
    scan.report("markup-expansion", part, message, { offset: at, cause: "expansion" });
    return;
  }
}

/** How long a text is once its entities stand in it; entities are declared before those that use them. */
function expandedSize(value: string, sizes: ReadonlyMap<string, number>): number {
  let size = value.length;
  for (const [, name = ""] of value.matchAll(/[&%]([^\s&;#%]{1,64});/g)) size += sizes.get(name) ?? 0;
  return size;
}

function checkInclude({ scan, part }: Document, token: Token, attributes: ReadonlyMap<string, string>): void {
  const href = attributes.get("href");
  if (href === undefined || local(token.name) !== "include") return;
  if (!/^(xi|xinclude):/i.test(token.name) && !/XInclude/.test(token.body)) return;
  const rule = reachOf(href) === "beside" ? "markup-part" : "markup-entity";
  scan.report(rule, part, `The document includes ${JSON.stringify(href.slice(0, 160))}.`, {
    offset: token.at,
    cause: "include",
  });
}

/** A style sheet may be a program (XSLT): one from elsewhere is run by whoever shows the document. */
function checkInstruction({ scan, part }: Document, { name, body, at }: Token): void {
  if (name !== "xml-stylesheet" || !/href\s*=\s*["'](?:\w{2,}:|\/\/|data:)/i.test(body)) return;
  scan.report(
    "markup-script",
    part,
    `The document is styled by ${JSON.stringify(body.trim().slice(0, 160))}.`,
    {
      offset: at,
      cause: "stylesheet",
    },
  );
}

/** Classes with which Java's readers of XML (XMLDecoder, XStream, Spring) start processes or scripts. */
const JAVA =
  /^(java\.lang\.(ProcessBuilder|Runtime|ProcessImpl)|javax\.script\.ScriptEngineManager|javax\.naming\.InitialContext|com\.sun\.rowset\.JdbcRowSetImpl|org\.mozilla\.javascript\.\w+|groovy\.lang\.GroovyShell|groovy\.util\.Eval|bsh\.Interpreter)\b/;
/** Namespaces under which style sheets call code, and elements that carry it. */
const CODE =
  /^(http:\/\/xml\.apache\.org\/(xalan|xslt)\/java|xalan:\/\/|java:|http:\/\/saxon\.sf\.net\/java-type|http:\/\/php\.net\/xsl|clitype:)/;

function checkJava({ scan, part }: Document, token: Token, attributes: ReadonlyMap<string, string>): void {
  const names = [token.name, ...attributes.values()];
  const java = names.find((name) => JAVA.test(name));
  const code = [...attributes].find(([key, value]) => key.startsWith("xmlns:") && CODE.test(value))?.[1];
  const script = /^(msxsl|ms):script$/.test(token.name) ? token.name : undefined;
  const found = java ?? code ?? script;
  if (found === undefined) return;
  scan.report("markup-code", part, `The document names ${JSON.stringify(found.slice(0, 160))}.`, {
    offset: token.at,
    cause: "code",
  });
}
