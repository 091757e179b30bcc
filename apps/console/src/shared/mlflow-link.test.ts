import { expect, it } from "vitest";
import { mlflowLink } from "./mlflow-link.js";

const RUN = "ff7fec234121416d8d330a4fd8852eda";

// As MLflow's clients print them (mlflow/tracking/_tracking_service/client.py, "View run ... at").
it.each([
  [`#/experiments/1/runs/${RUN}`, `/runs/${RUN}`],
  ["#/experiments/1", "/runs"],
  ["#/models/tumour/versions/1", "/inventory/Model/tumour"],
  ["#/models/50%25%", "/inventory/Model/50%2525%25"],
])("leads %s to %s", (hash, path) => expect(mlflowLink(hash)).toBe(path));

it.each(["", "#code=abc", "#/", "#/experimentsx/1"])("leaves %j alone", (hash) =>
  expect(mlflowLink(hash)).toBeUndefined(),
);
