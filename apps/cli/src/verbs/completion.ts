import { Argument, type Command } from "commander";
import type { Shell } from "../session.js";
import { withExamples } from "./shared.js";

export function addCompletion(program: Command, shell: Shell): void {
  const verb = program
    .command("completion")
    .summary("print a completion script for your shell")
    .addArgument(new Argument("<shell>", "your shell").choices(["bash", "zsh", "fish"]));
  withExamples(
    verb,
    ["countersign completion bash > ~/.local/share/bash-completion/completions/countersign", "bash"],
    ['countersign completion zsh > "$HOME/.zfunc/_countersign"', "zsh, with that directory on fpath"],
    ["countersign completion fish > ~/.config/fish/completions/countersign.fish", "fish"],
  );
  verb.action(async (name: "bash" | "zsh" | "fish") => {
    const { completionScript } = await import("../completion.js");
    shell.io.stdout.write(completionScript(program, name));
    shell.exit = 0;
  });
}
