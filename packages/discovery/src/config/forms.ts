import { isPromptFile } from "./prompts.js";

/** How a configuration file is written. */
export type Form =
  | "yaml"
  | "json"
  | "toml"
  | "env"
  | "properties"
  | "docker"
  | "shell"
  | "prompt"
  | "modelfile";

const IGNORED =
  /(^|\/)(package(-lock)?|tsconfig[^/]*|composer|yarn|pnpm-lock|poetry|deno|biome|renovate|lerna|nx|angular|jsconfig|tslint|vercel|turbo|openapi[^/]*|swagger[^/]*|mkdocs|\.eslintrc[^/]*|manifest|components)\.(json|ya?ml|lock|toml)$|(^|\/)(locales?|i18n|lang|translations|snapshots?|__snapshots__|\.github\/ISSUE_TEMPLATE)\/|\.(schema|lock|min|geo|map)\.json$|lock\.ya?ml$/i;

/** Tells by its name how a configuration file is written; undefined for what is none. */
export function formOf(path: string): Form | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (IGNORED.test(path)) return undefined;
  if (isPromptFile(path)) return "prompt";
  if (/^\.env(\..+)?$|\.env$|^env(\.\w+)?\.(example|sample|template)$/.test(name)) return "env";
  if (/^(Dockerfile|Containerfile)(\..*)?$|\.[dD]ockerfile$/.test(name)) return "docker";
  if (/^Modelfile(\..*)?$|\.[mM]odelfile$/.test(name)) return "modelfile";
  if (
    /\.(sh|bash|zsh|ksh|bats)$|^(Makefile|makefile|GNUmakefile|justfile|Justfile|Procfile)$|\.(mk|slurm|sbatch)$/.test(
      name,
    )
  )
    return "shell";
  if (/\.ya?ml$|\.ya?ml\.(example|sample|tpl|j2)$|^MLmodel$/.test(name)) return "yaml";
  if (/\.(json|jsonc|json5)$/.test(name)) return "json";
  if (/\.toml$/.test(name)) return "toml";
  return /\.(properties|ini|cfg|conf)$/.test(name) ? "properties" : undefined;
}
