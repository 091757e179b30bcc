/** The last characters of keys that public documentation prints, so that they are nobody's secret. */
const PUBLISHED: readonly string[] = [
  // Firebase, Google Maps and gcloud examples.
  "vwxyz1234567",
  "CxoX-oo6YyIs",
  "itrUEke8agEM",
  "myCgHIAODrlU",
  "ITYefhixbX4A",
  "GBdi_UUPwX7c",
  "cQ9CKctWmLd4",
  "KRhhrOq1cS7g",
  "fd2AFnzAvvuU",
  "5ucxaOi4FmqE",
  "11srVL_n0nvY",
];

export function isPublished(token: string): boolean {
  return PUBLISHED.some((end) => token.endsWith(end));
}
