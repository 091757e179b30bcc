import { child, fromYaml, type Node, textOf } from "./node.js";

/** Fills a Helm template with its chart's values as far as they are plain, and drops the rest of the template's language. */
export function fillTemplate(text: string, values: string | undefined): string {
  const root = values === undefined ? undefined : fromYaml(values)[0];
  return text
    .split("\n")
    .map((line) =>
      /^\s*\{\{-?\s*(if|else|end|range|with|define|include|toYaml|template|\/\*|\$)/.test(line) &&
      !/:\s*\{\{/.test(line)
        ? ""
        : line.replace(/\{\{-?(.*?)-?\}\}/g, (_, code: string) => filled(code, root)),
    )
    .join("\n");
}

function filled(code: string, root: Node | undefined): string {
  const path = /\.Values\.([\w.]+)/.exec(code)?.[1];
  const found = path === undefined ? undefined : textOf(child(root, ...path.split(".")));
  return found ?? /default\s+"([^"]*)"/.exec(code)?.[1] ?? "x";
}
