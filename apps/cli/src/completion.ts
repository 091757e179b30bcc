import type { Command, Option } from "commander";

export type ShellName = "bash" | "zsh" | "fish";

/** One place on the command line and what may follow there. */
interface Place {
  /** The words before it, such as "log entries"; "" at the start. */
  path: string;
  verbs: { name: string; summary: string }[];
  options: Choice[];
  /** Fixed values of the arguments, when there are such. */
  values: string[];
}

interface Choice {
  flags: string[];
  summary: string;
  takesValue: boolean;
  values: string[];
}

/** A script for a shell, made from the program itself, so that it cannot fall behind. */
export function completionScript(program: Command, shell: ShellName): string {
  const found = places(program, "");
  if (shell === "fish") return fish(found);
  const body = bash(found);
  // zsh reads bash completions through its own bridge.
  if (shell === "zsh") return `#compdef countersign\nautoload -U +X bashcompinit && bashcompinit\n${body}`;
  return body;
}

function places(command: Command, path: string): Place[] {
  const verbs = command.commands.map((verb) => ({
    name: verb.name(),
    summary: verb.summary() || verb.description(),
  }));
  const options = command.options.filter((option) => !option.hidden).map(choice);
  options.push({ flags: ["-h", "--help"], summary: "explain a command", takesValue: false, values: [] });
  const here = {
    path,
    verbs,
    options,
    values: command.registeredArguments.flatMap((a) => a.argChoices ?? []),
  };
  return [
    here,
    ...command.commands.flatMap((verb) => places(verb, path === "" ? verb.name() : `${path} ${verb.name()}`)),
  ];
}

function choice(option: Option): Choice {
  const flags = [option.short, option.long].filter((flag) => flag !== undefined);
  const takesValue = option.required || option.optional;
  return { flags, summary: option.description, takesValue, values: option.argChoices ?? [] };
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

// Also read by zsh, where "path" and "words" are variables of the shell's own.
function bash(found: Place[]): string {
  const paths = found.filter((place) => place.path !== "").map((place) => quote(place.path));
  return `_countersign() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" at="" word choices="" values=""
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD-1))}"; do
    case "\${at:+$at }$word" in
      ${paths.join("|")}) at="\${at:+$at }$word" ;;
    esac
  done
  case "$at" in
${found.map(bashPlace).join("\n")}
  esac
  if [ -n "$values" ]; then
    [ "$values" = FILE ] && COMPREPLY=($(compgen -f -- "$current")) || COMPREPLY=($(compgen -W "$values" -- "$current"))
    return
  fi
  COMPREPLY=($(compgen -W "$choices" -- "$current"))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F _countersign countersign
`;
}

function bashPlace(place: Place): string {
  const words = [
    ...place.verbs.map((verb) => verb.name),
    ...place.values,
    ...place.options.flatMap((o) => o.flags),
  ];
  const valued = place.options
    .filter((option) => option.takesValue)
    .map(
      (o) =>
        `        ${o.flags.join("|")}) values=${quote(o.values.length > 0 ? o.values.join(" ") : "FILE")} ;;`,
    );
  const inner = valued.length === 0 ? "" : `\n      case "$previous" in\n${valued.join("\n")}\n      esac`;
  return `    ${quote(place.path)}) choices=${quote(words.join(" "))}${inner} ;;`;
}

function fish(found: Place[]): string {
  const lines = [
    "function __countersign_at",
    "  set -l words (commandline -opc | string match -v -- '-*')",
    "  set -e words[1]",
    "  set -l want (string split ' ' -- $argv[1])",
    "  set -l depth (count $want)",
    '  test "$words[1..$depth]" = "$want"',
    "end",
  ];
  for (const place of found) lines.push(...fishPlace(place));
  return `${lines.join("\n")}\n`;
}

function fishPlace(place: Place): string[] {
  const names = place.verbs.map((verb) => verb.name).join(" ");
  const base = "complete -c countersign";
  const unless = names === "" ? "" : `not __fish_seen_subcommand_from ${names}`;
  const at = place.path === "" ? "" : `__countersign_at ${quote(place.path)}`;
  const when = [at, unless].filter((part) => part !== "").join("; and ");
  const condition = when === "" ? "" : ` -n ${quote(when)}`;
  const verbs = place.verbs.map(
    (verb) => `${base}${condition} -f -a ${quote(verb.name)} -d ${quote(verb.summary)}`,
  );
  const values = place.values.map((value) => `${base}${condition} -f -a ${quote(value)}`);
  return [...verbs, ...values, ...place.options.map((option) => `${base}${condition}${fishOption(option)}`)];
}

function fishOption(option: Choice): string {
  const flags = option.flags.map((flag) =>
    flag.startsWith("--") ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`,
  );
  const value = option.takesValue
    ? option.values.length > 0
      ? ` -x -a ${quote(option.values.join(" "))}`
      : " -r"
    : "";
  return `${flags.join("")}${value} -d ${quote(option.summary)}`;
}
