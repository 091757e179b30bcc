import { type ScanReport, sameLicence } from "@countersign/scanner";

/** Where files say something else of the licence than the declaration, which stays what policy asks. */
export function licenceWarnings(declared: string | undefined, { model }: ScanReport): string[] {
  if (declared === undefined || declared === "" || model === undefined) return [];
  const { licences } = model;
  if (licences.some(({ licence }) => sameLicence(licence, declared))) return [];
  return licences.map(({ licence, file, member }) => {
    const place = JSON.stringify(member === undefined ? file : `${file}!${member}`);
    return `The licence is declared as ${declared}, but ${place} says ${licence}.`;
  });
}
