import type { ModelFacts } from "@countersign/scanner";
import type { Session } from "../session.js";
import { safe } from "../terminal/safe.js";
import { dim } from "../terminal/style.js";

/** What the files together say of the model: its licence, and its card. */
export function drawModel({ output }: Session, model: ModelFacts | undefined): void {
  if (model === undefined) return;
  const { licence, licences, card } = model;
  const places = licences.map((claim) =>
    licence === undefined ? `${claim.file} says ${claim.licence}` : claim.file,
  );
  const unique = [...new Set(places)].join(", ");
  if (licence !== undefined) output.line(safe`${dim("licence")}  ${licence} ${dim(`(${unique})`)}`);
  else output.line(safe`${dim("licence")}  ${unique === "" ? "none is named" : unique}`);
  if (card === undefined) return;
  const missing = card.missing.length === 0 ? "" : `, without ${card.missing.join(", ")}`;
  output.line(safe`${dim("card")}     ${card.file}${missing}`);
}
