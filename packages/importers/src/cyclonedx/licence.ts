import { type Loose, record, records, text } from "../value.js";

/** A component's licences as one SPDX expression. */
export function licenceOf(component: Loose): string | undefined {
  const all = records(component.licenses).flatMap((choice) => {
    const { id, name } = record(choice.license);
    const said = text(choice.expression) ?? text(id) ?? named(text(name));
    return said === undefined ? [] : [said];
  });
  const unique = [...new Set(all)];
  const joined =
    unique.length > 1 ? unique.map((one) => (one.includes(" ") ? `(${one})` : one)).join(" AND ") : unique[0];
  return joined !== undefined && joined.length <= 256 ? joined : undefined;
}

function named(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `LicenseRef-${name.replace(/[^A-Za-z0-9.-]+/g, "-").slice(0, 128)}`;
}
