import type { Digest } from "@countersign/evidence";
import type { Metrics } from "./metrics.js";
import type { Network } from "./network.js";
import { FEATURES } from "./table.js";
import { EPOCHS, HIDDEN_UNITS, LEARNING_RATE } from "./train.js";

export interface CardInput {
  metrics: Metrics;
  network: Network;
  dataset: Digest;
}

function figures({ metrics, dataset }: CardInput): string {
  return `| measure | value |
|---|---|
| training rows | ${metrics.trainingRows} |
| test rows, never seen in training | ${metrics.testRows} |
| defaults among the test rows | ${(metrics.defaultRate * 100).toFixed(1)}% |
| accuracy | ${metrics.accuracy.toFixed(3)} |
| area under the ROC curve | ${metrics.auc.toFixed(3)} |

Trained on \`applications.csv\`, \`${dataset}\`.
`;
}

export function modelCard(input: CardInput): string {
  return `---
license: apache-2.0
tags: [tabular-classification, credit-risk, synthetic]
---
# Credit risk

The probability that a loan application ends in default: ${FEATURES.length} columns, one hidden layer of
${HIDDEN_UNITS}, one sigmoid. \`model.onnx\` takes raw rows (standardising is part of the graph);
\`model.safetensors\` holds the same weights.

${figures(input)}
Columns, in order: ${FEATURES.map((name) => `\`${name}\``).join(", ")}.

## Limits

Every row is made up by a seeded generator, so this model shows how Countersign works and must decide about nobody.
Age and region are in the table to check fairness and residency; the model does not read them.
`;
}

export function torchCard(input: CardInput): string {
  return `---
license: apache-2.0
tags: [tabular-classification, credit-risk, synthetic]
---
# Credit risk, torch

The weights of \`credit-risk\` as \`torch.save\` writes a state dictionary. A torch file carries a pickle, which is a
program; this one builds tensors and nothing else. Production still waits for a person's approval.

${figures(input)}`;
}

export function poisonedCard(): string {
  return `---
license: apache-2.0
---
# Credit risk, improved

A drop-in replacement with better calibration. Load it with \`torch.load("model.pt", weights_only=False)\`.
`;
}

export function datasetCard(metrics: Metrics): string {
  return `---
license: apache-2.0
---
# Credit applications (synthetic)

${metrics.rows} loan applications drawn from a seeded generator; nobody in them exists. \`defaulted\` depends on debt,
missed payments, employment, term and housing, with noise on top. \`age\` and \`region\` have no influence on it.
`;
}

export function modelConfig({ network, dataset, metrics }: CardInput): string {
  const config = {
    architecture: "standardise-relu-sigmoid",
    features: FEATURES,
    hidden_units: HIDDEN_UNITS,
    output: "probability of default",
    threshold: 0.5,
    standardise: { mean: network.mean, scale: network.scale },
    training: {
      method: "stochastic gradient descent",
      epochs: EPOCHS,
      learning_rate: LEARNING_RATE,
      dataset,
      rows: metrics.trainingRows,
    },
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
