import { type Command, Option } from "commander";
import { bind, type Shell } from "../session.js";
import { wholeNumber, withExamples, withOutput, withServer } from "./shared.js";

const SUBJECT = "sha256:..., a model's name, Dataset:NAME (or another kind), run:ID, or a key from the graph";
const AT = "as it was then: 2026-05-01 (the end of that day, UTC) or a time such as 2026-05-01T12:00:00Z";

export function addGraph(program: Command, shell: Shell): void {
  const verb = program
    .command("graph")
    .summary("draw what is connected with what")
    .description("Prints the graph as DOT, Mermaid or JSON. Without SUBJECT: the newest part of it.")
    .argument("[subject]", SUBJECT)
    .option("--depth <steps>", "how far from SUBJECT (default: 3)", wholeNumber(1, 64))
    .addOption(
      new Option("--direction <way>", "towards what it reached, what it came from, or both")
        .choices(["down", "up", "both"])
        .default("both"),
    )
    .option("--at <time>", AT)
    .option("--limit <nodes>", "most nodes (default: 500)", wholeNumber(1, 20_000))
    .option("--all", "do not fold nodes that are alike into one");
  withServer(verb);
  verb
    .optionsGroup("Result:")
    .addOption(
      new Option("--output <format>", "how to print it").choices(["dot", "mermaid", "json"]).default("dot"),
    );
  withExamples(
    verb,
    ["countersign graph credit-risk | dot -Tsvg -o credit-risk.svg", "a picture, with Graphviz"],
    ["countersign graph Dataset:applications --direction down --output mermaid", "for a Markdown page"],
  );
  bind(shell, verb, async () => (await import("../actions/graph.js")).graph);
}

export function addTrace(program: Command, shell: Shell): void {
  const verb = program
    .command("trace")
    .summary("what did it reach, what did it come from")
    .description(
      "Follows the graph from SUBJECT, down (default) or up, and says what containing it would touch. The server's log decides the order, not anybody's clock.",
    )
    .argument("<subject>", SUBJECT)
    .addOption(new Option("--down", "what it reached (default)").conflicts("up"))
    .option("--up", "what it came from")
    .option("--at <time>", AT)
    .option("--column <name>", "follow one column of a dataset, where events name columns")
    .option("--limit <nodes>", "most nodes (default: 10000)", wholeNumber(1, 100_000));
  withServer(verb);
  withOutput(verb);
  withExamples(
    verb,
    ["countersign trace Dataset:applications --down", "which models, deployments and systems it reached"],
    ["countersign trace deployment:production/global/scoring --up", "what that deployment rests on"],
    ["countersign trace credit-risk --up --at 2026-05-01", "as it was on that day"],
  );
  bind(shell, verb, async () => (await import("../actions/trace.js")).trace);
}

export function addContain(program: Command, shell: Shell): void {
  const verb = program
    .command("contain")
    .summary("deny everything that something bad reached, at every gate")
    .description(
      "States a containment for each version that SUBJECT is or reached. Gates deny those until each is lifted. Look first: --dry-run. Doing it again adds only what came since.",
    )
    .argument("[subject]", SUBJECT)
    .option("--reason <text>", "what is wrong, for whoever is denied")
    .addOption(new Option("--dry-run", "only say what would be contained").conflicts(["lift", "list"]))
    .addOption(
      new Option("--only", "contain SUBJECT's own versions, not what they reached").conflicts([
        "lift",
        "list",
      ]),
    )
    .addOption(
      new Option("--lift", "lift what contains SUBJECT, or what SUBJECT contained").conflicts("list"),
    )
    .option("--list", "show what is contained");
  withServer(verb);
  withOutput(verb);
  withExamples(
    verb,
    ['countersign contain Dataset:applications --reason "poisoned labels" --dry-run', "the plan"],
    ['countersign contain Dataset:applications --reason "poisoned labels"', "and now for real"],
    ['countersign contain Dataset:applications --lift --reason "false alarm"', "every one of them again"],
  );
  bind(shell, verb, async () => (await import("../actions/contain.js")).contain);
}

export function addDeployed(program: Command, shell: Shell): void {
  const verb = program
    .command("deployed")
    .summary("report where a version runs, or list what was reported")
    .description(
      "Puts on record that SUBJECT runs (or, with --stopped, no longer runs) under a name in an environment. Whatever ran under that name there before is reported stopped. Nothing is deployed by this.",
    )
    .argument("[subject]", "sha256:... or a name (its newest version); without it, the list")
    .option("--name <name>", "name under which it is served")
    .option("--environment <name>", "dev, staging, production or one of your own")
    .option("--region <region>", "where, if there are several (default: global)")
    .option("--stopped", "it no longer runs there")
    .option("--alongside", "what runs there under that name goes on running");
  withServer(verb);
  withOutput(verb);
  withExamples(
    verb,
    ["countersign deployed credit-risk --name scoring --environment production --region eu-west", "it runs"],
    ["countersign deployed", "everything that was reported"],
  );
  bind(shell, verb, async () => (await import("../actions/deployed.js")).deployed);
}
