import type { Command } from "commander";
import { bind, type Shell } from "../session.js";
import { collect, withExamples, withOutput, withServer } from "./shared.js";

export function addDiscover(program: Command, shell: Shell): void {
  const verb = program
    .command("discover")
    .summary("find models, datasets and AI services in use, and compare with the inventory")
    .description(
      "Reads code, notebooks, configuration, Kubernetes manifests, container images, Hugging Face caches and model files, without running any of it, or lists an MLflow server's registry. What is found is declared (the inventory knows it) or shadow; what is declared and not found is missing. Exits 1 when anything is shadow or missing.",
    )
    .argument(
      "<where...>",
      "directory, file, image layout or archive, Git repository's URL, or MLflow server's URL",
    )
    .option("-f, --file <path>", "the inventory: YAML or JSON file, or directory (may be repeated)", collect);
  withServer(verb);
  withOutput(verb, ["table", "json", "sarif"]);
  withExamples(
    verb,
    ["countersign discover . -f inventory/", "this repository, against documents on disk"],
    [
      "countersign discover https://git.example.com/team/app.git --server http://127.0.0.1:8420",
      "a repository, against a server's inventory",
    ],
    ["countersign discover image.tar --output sarif > shadow.sarif", "an image that `docker save` wrote"],
    ["countersign discover http://mlflow.example.com:5000", "what an MLflow server has registered"],
  );
  bind(shell, verb, async () => (await import("../actions/discover.js")).discover);
}
