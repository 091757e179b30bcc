import { familyOf, isPlausible } from "../rules/names.js";
import type { SaidAt } from "./keys.js";
import { readKeys } from "./keys.js";
import { child, fromYaml, textOf } from "./node.js";

export const isPromptFile = (path: string): boolean => /\.(prompty|prompt)$|\.prompt\.(ya?ml|md)$/.test(path);

/** Prompts kept in files of their own (Prompty, Dotprompt, GitHub Models): the prompt, and the model it is for. */
export function readPrompt(path: string, text: string): SaidAt[] {
  const header = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? (/\.ya?ml$/.test(path) ? text : undefined);
  const node = header === undefined ? undefined : fromYaml(header)[0];
  if (!node) return [];
  const file = path.slice(path.lastIndexOf("/") + 1).replace(/\.(prompty|prompt(\.\w+)?)$/, "");
  const name = textOf(child(node, "name")) ?? file;
  const found: SaidAt[] = [{ kind: "Prompt", name, provider: "file", confidence: "high", line: 1 }];
  const model = textOf(child(node, "model"));
  if (model && isPlausible(model))
    found.push({
      kind: "Model",
      name: model,
      provider: familyOf(model) ?? model.split("/")[0] ?? "unknown",
      confidence: "high",
      line: (child(node, "model")?.line ?? 1) + 1,
    });
  return found.concat(
    readKeys(node, { ai: true })
      .filter((one) => one.name !== model)
      .map((one) => ({ ...one, line: one.line + 1 })),
  );
}
