import { type Document, isKind } from "./document.js";
import type { HardwareSpec, VendorSpec } from "./schema/supply.js";
import { dayOf, holdsOn, sanctionOn } from "./vendor.js";

/** Something about an asset that somebody should look at. */
export interface Notice {
  level: "warning" | "remark";
  text: string;
}

const DAY_MS = 24 * 60 * 60 * 1_000;
/** How long before something ends it is worth a remark. */
const AHEAD_DAYS = 60;

const warning = (text: string): Notice => ({ level: "warning", text });
const remark = (text: string): Notice => ({ level: "remark", text });

/** What a vendor's or a piece of hardware's document says that needs attention on a day (YYYY-MM-DD). */
export function noticesOf(document: Document, day: string): Notice[] {
  if (isKind(document, "Vendor")) {
    const { spec } = document;
    return [...sanctionNotices(spec, day), ...contractNotices(spec, day), ...licenceNotices(spec, day)];
  }
  return isKind(document, "Hardware") ? hardwareNotices(document.spec) : [];
}

function sanctionNotices(spec: VendorSpec, day: string): Notice[] {
  const now = sanctionOn(spec, day);
  const standing =
    now === undefined
      ? [remark("No sanctions check holds today.")]
      : now.status === "clear"
        ? []
        : [warning(`Sanctions: ${now.status} (${now.list}) since ${now.from}.`)];
  const later = (spec.sanctions ?? []).filter(({ from }) => from > day);
  const coming = later.map(({ status, list, from }) =>
    status === "clear"
      ? remark(`Sanctions: clear (${list}) from ${from}.`)
      : warning(`Sanctions: ${status} (${list}) from ${from}.`),
  );
  const ends = now?.status === "clear" && now.until !== undefined && isNear(now.until, day);
  const ending = ends ? [remark(`The sanctions check (${now.list}) holds until ${now.until}.`)] : [];
  return [...standing, ...coming, ...ending];
}

function contractNotices({ contracts = [] }: VendorSpec, day: string): Notice[] {
  return contracts.flatMap(({ id, until, renews = false, noticeDays = 0 }) => {
    if (until === undefined) return [];
    if (until <= day) return renews ? [] : [warning(`The contract ${id} ended on ${until}.`)];
    const deadline = daysBefore(until, noticeDays);
    if (renews && deadline > day && isNear(deadline, day)) {
      return [remark(`The contract ${id} renews by itself unless notice is given before ${deadline}.`)];
    }
    return !renews && isNear(until, day) ? [remark(`The contract ${id} ends on ${until}.`)] : [];
  });
}

function licenceNotices({ licences = [] }: VendorSpec, day: string): Notice[] {
  return licences.flatMap((licence) => {
    const { id, from, until } = licence;
    if (holdsOn(licence, day))
      return until !== undefined && isNear(until, day) ? [remark(`The licence ${id} ends on ${until}.`)] : [];
    const begins = from !== undefined && from > day;
    return begins
      ? [remark(`The licence ${id} begins on ${from}.`)]
      : [warning(`The licence ${id} ended on ${until}.`)];
  });
}

function hardwareNotices({ firmware = [], provenance }: HardwareSpec): Notice[] {
  const unsigned = firmware.flatMap(({ component, version, signed, verifiedOn }) => {
    if (!signed) return [warning(`Firmware ${version} of ${component} is not signed.`)];
    return verifiedOn === undefined
      ? [remark(`Nothing says when the signature of ${component}'s firmware was verified.`)]
      : [];
  });
  const { manufacturer, country, attestation, custody = [] } = provenance ?? {};
  const unknown = [
    ...(firmware.length === 0 ? ["which firmware runs on it"] : []),
    ...(manufacturer === undefined && country === undefined ? ["who made it, or where"] : []),
    ...(attestation === undefined && custody.length === 0 ? ["through whose hands it came"] : []),
  ];
  return [...unsigned, ...unknown.map((what) => remark(`Nothing says ${what}.`))];
}

const isNear = (until: string, day: string): boolean => until <= daysBefore(day, -AHEAD_DAYS);

function daysBefore(day: string, days: number): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  // The pattern lets the 31st of every month pass; such a day stands for itself.
  return Number.isNaN(at) ? day : dayOf(at - days * DAY_MS);
}
