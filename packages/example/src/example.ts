import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "@countersign/evidence";
import { type CardInput, datasetCard, modelCard, modelConfig, poisonedCard, torchCard } from "./cards.js";
import type { Metrics } from "./metrics.js";
import { tensorsOf } from "./network.js";
import { toOnnx } from "./onnx.js";
import { toPoisonedTorchZip } from "./poison.js";
import { toSafetensors } from "./safetensors.js";
import { drawTable, toCsv } from "./table.js";
import { toTorchZip } from "./torch.js";
import { train } from "./train.js";
import { vendorDelivery } from "./vendor.js";

export interface ExampleModel {
  name: string;
  directory: string;
  licence?: string;
  origin?: string;
  /** What the overview shows of it once it has been through the gates. */
  story: "admitted" | "refused" | "waiting";
  summary: string;
}

export interface Example {
  models: ExampleModel[];
  dataset: { name: string; directory: string };
  metrics: Metrics;
}

const ROWS = 2_000;
const TABLE_SEED = 20_260_101;
const TRAINING_SEED = 3;
const ORIGIN = "countersign-example";

type Files = Record<string, Uint8Array | string>;

async function writeFolder(directory: string, files: Files): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
}

interface ModelFolder extends Omit<ExampleModel, "directory"> {
  files: Files;
}

function modelFolders(input: CardInput): ModelFolder[] {
  const tensors = tensorsOf(input.network);
  const config = modelConfig(input);
  return [
    {
      name: "credit-risk",
      licence: "Apache-2.0",
      origin: ORIGIN,
      story: "admitted",
      summary: "Scores loan applications. Plain tensors, a known licence and origin, nothing to run on load.",
      files: {
        "README.md": modelCard(input),
        "config.json": config,
        "model.onnx": toOnnx(input.network),
        "model.safetensors": toSafetensors(tensors, { format: "pt", dataset: input.dataset }),
      },
    },
    {
      name: "credit-risk-torch",
      licence: "Apache-2.0",
      origin: ORIGIN,
      story: "waiting",
      summary: "The same weights as a torch file. Clean, but production needs a second person to approve it.",
      files: { "README.md": torchCard(input), "config.json": config, "model.pt": toTorchZip(tensors) },
    },
    {
      name: "credit-risk-poisoned",
      story: "refused",
      summary:
        "Looks like the torch file and works like it, but runs a shell command the moment it is loaded.",
      files: { "README.md": poisonedCard(), "model.pt": toPoisonedTorchZip(tensors) },
    },
    {
      name: "credit-risk-vendor",
      story: "refused",
      summary:
        "A vendor's delivery: clean weights, a helper nobody knows, an archive with a password, and an attack two archives deep.",
      files: vendorDelivery(tensors),
    },
  ];
}

/** Writes the example under `directory`: the same bytes on every machine and every run. */
export async function writeExample(directory: string): Promise<Example> {
  const table = drawTable(ROWS, TABLE_SEED);
  const csv = new TextEncoder().encode(toCsv(table));
  const { network, metrics } = train(table, TRAINING_SEED);
  const dataset = { name: "credit-applications", directory: join(directory, "credit-applications") };
  await writeFolder(dataset.directory, { "README.md": datasetCard(metrics), "applications.csv": csv });
  const models: ExampleModel[] = [];
  for (const { files, ...model } of modelFolders({ metrics, network, dataset: sha256(csv) })) {
    const place = join(directory, model.name);
    await writeFolder(place, files);
    models.push({ ...model, directory: place });
  }
  return { models, dataset, metrics };
}
