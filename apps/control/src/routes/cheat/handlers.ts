import type { routes } from "@countersign/api";
import type { Handler } from "../../http/mount.js";
import { runExperiment } from "./experiment.js";

export const cheat: Handler<typeof routes.cheat> = async ({ body, caller, services }) =>
  runExperiment({ ...body, principal: caller.principal, services });
