import type { Sighting } from "../finding.js";
import { mayMatter } from "../rules/index.js";
import { familyOf, isHubName } from "../rules/names.js";
import { detectCall } from "./detect.js";
import { Evaluator } from "./evaluate.js";
import { detectLoose, detectRequest } from "./http.js";
import { Project, type Surroundings } from "./project.js";
import type { Source } from "./source.js";

/** Finds what the code of one tree loads and calls. `paths` are the files worth reading closely. */
export function analyseCode(around: Surroundings, paths: readonly string[]): Sighting[] {
  const project = new Project(around);
  const evaluator = new Evaluator(project);
  const sources = paths.flatMap((path) => project.source(path) ?? []);
  for (const source of sources) project.callsIn(source);
  return sources.flatMap((source) => ofSource(evaluator, project, source));
}

function ofSource(evaluator: Evaluator, project: Project, source: Source): Sighting[] {
  const found: Sighting[] = [];
  for (const site of project.callsIn(source)) {
    const called = detectCall(evaluator, site);
    found.push(...called);
    if (called.length === 0) found.push(...detectRequest(evaluator, site));
    if (called.length === 0) found.push(...detectLoose(evaluator, site));
  }
  const own = providersOf(source);
  return found.map((one) => (one.provider === "" ? { ...one, provider: guess(one.name, own) } : one));
}

function providersOf(source: Source): string[] {
  return [...source.imports.modules].filter(mayMatter);
}

function guess(name: string, modules: readonly string[]): string {
  for (const known of ["groq", "together", "openai", "anthropic", "mistralai", "cohere", "litellm"])
    if (modules.some((module) => module.includes(known))) return known === "mistralai" ? "mistral" : known;
  return familyOf(name) ?? (isHubName(name) ? "huggingface" : "unknown");
}
