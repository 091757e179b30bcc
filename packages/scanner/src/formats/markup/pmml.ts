import { type Document, type ElementReader, local, type Token, textAfter } from "./xml.js";

/** Text with which scripts of Java, JavaScript, Python and shells start processes. */
const ACTS =
  /Runtime\s*\.\s*getRuntime|ProcessBuilder|javax\.script|\bScriptEngine|GroovyShell|\bos\s*\.\s*(?:system|popen|exec\w*|spawn\w*)\s*\(|\bsubprocess\s*\.|__import__\s*\(|\beval\s*\(|\bexec\s*\(|new\s+ActiveXObject|WScript\.|\bSystem\.Diagnostics\.Process|\bpowershell(?:\.exe)?\s+-|\bcmd(?:\.exe)?\s+\/c|\/bin\/(?:ba|z|da)?sh\b|child_process|Deno\.|\bcurl\s+-?\S*\s*https?:|\bwget\s+\S*\s*https?:/i;
/** Classes of Java itself; evaluators that look functions up by class name make them. */
const PLATFORM =
  /^(java|javax|jdk|sun|com\.sun|groovy|bsh|org\.mozilla\.javascript|org\.python|org\.springframework)\./;
const CLASS = /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)+$/;

/** PMML: extensions and scripts that evaluators may run, functions that are named by a class of Java. */
export function pmmlReader(document: Document): ElementReader {
  const { scan, part, source } = document;
  const acts = (text: string, offset: number): boolean => {
    const found = ACTS.exec(text);
    if (found) {
      const shown = JSON.stringify(text.slice(Math.max(0, found.index - 20), found.index + 100).trim());
      scan.report("markup-code", part, `The model carries ${shown}.`, { offset, cause: "code" });
    }
    return found !== null;
  };
  return {
    format: "pmml",
    element(token, attributes) {
      const name = local(token.name);
      if (name === "Apply") checkFunction(document, token, attributes);
      const script = isScript(name, attributes);
      if (!script && name !== "Extension") return;
      const texts = [...attributes.values(), textAfter(source, token)];
      if (texts.some((text) => acts(text, token.at)) || !script) return;
      scan.report("markup-script", part, `The model carries a script: <${token.name.slice(0, 60)}>.`, {
        offset: token.at,
        cause: "script",
      });
    },
    text: (token) => void acts(token.body.slice(0, 65_536), token.at),
  };
}

function isScript(name: string, attributes: ReadonlyMap<string, string>): boolean {
  if (/^script$/i.test(name)) return true;
  if (name === "Extension" && /^script$/i.test(attributes.get("name") ?? "")) return true;
  return [...attributes.values()].some((value) => /^\s*javascript:/i.test(value));
}

/** JPMML-Evaluator makes an instance of the class whose name stands in the place of a function's. */
function checkFunction(
  { scan, part }: Document,
  token: Token,
  attributes: ReadonlyMap<string, string>,
): void {
  const name = attributes.get("function") ?? "";
  if (!CLASS.test(name)) return;
  const rule = PLATFORM.test(name) ? "pmml-platform-class" : "pmml-class";
  scan.report(rule, part, `A function is the class ${JSON.stringify(name.slice(0, 160))}.`, {
    offset: token.at,
    cause: name,
  });
}
