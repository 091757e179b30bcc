import type { Licence, Sanction, VendorSpec } from "./schema/supply.js";

/** Whether something with `from` and `until` holds on a day (YYYY-MM-DD). */
export function holdsOn({ from, until }: { from?: string; until?: string }, day: string): boolean {
  return (from === undefined || from <= day) && (until === undefined || day < until);
}

export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

const GRAVITY: readonly Sanction["status"][] = ["clear", "under-review", "listed"];

/** The gravest sanctions status in effect on a day; undefined when no check covers it. */
export function sanctionOn({ sanctions = [] }: VendorSpec, day: string): Sanction | undefined {
  const holding = sanctions.filter((sanction) => holdsOn(sanction, day));
  return holding.sort((a, b) => GRAVITY.indexOf(b.status) - GRAVITY.indexOf(a.status))[0];
}

/** Licences of a vendor that allow a use on a day, and where and for whom they hold if that is asked. */
export function licencesFor(
  { licences = [] }: VendorSpec,
  wanted: { use: string; day: string; region?: string; customer?: string },
): Licence[] {
  const allows = (list: readonly string[] | undefined, word: string | undefined): boolean =>
    list === undefined || word === undefined || list.includes(word);
  return licences.filter(
    (licence) =>
      holdsOn(licence, wanted.day) &&
      licence.uses.includes(wanted.use) &&
      !licence.forbids?.includes(wanted.use) &&
      allows(licence.regions, wanted.region) &&
      allows(licence.customers, wanted.customer),
  );
}
