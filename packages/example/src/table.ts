import { type Random, seededRandom } from "./random.js";

/** One loan application. Nobody in this table exists: every value is drawn from a seeded generator. */
export interface Applicant {
  id: string;
  /** Kept for fairness checks; the model never sees it. */
  age: number;
  /** Kept for residency checks; the model never sees it. */
  region: string;
  annualIncome: number;
  employmentYears: number;
  loanAmount: number;
  termMonths: number;
  debtToIncome: number;
  missedPayments: number;
  creditLines: number;
  housing: "own" | "mortgage" | "rent";
  defaulted: 0 | 1;
}

/** What the model reads, in the order of its input columns. */
export const FEATURES: readonly string[] = [
  "annual_income",
  "employment_years",
  "loan_amount",
  "term_months",
  "debt_to_income",
  "missed_payments_24m",
  "credit_lines",
  "renting",
];

export function featuresOf(row: Applicant): number[] {
  return [
    row.annualIncome,
    row.employmentYears,
    row.loanAmount,
    row.termMonths,
    row.debtToIncome,
    row.missedPayments,
    row.creditLines,
    row.housing === "rent" ? 1 : 0,
  ];
}

const REGIONS = ["north", "south", "east", "west"] as const;
const TERMS = [12, 24, 36, 48, 60] as const;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
const rounded = (value: number, step: number): number => Math.round(value / step) * step;

function pick<T>(items: readonly T[], random: Random): T {
  return items[random.below(items.length)] as T;
}

function drawHousing(income: number, random: Random): Applicant["housing"] {
  const roll = random.uniform() + clamp((income - 45_000) / 150_000, -0.2, 0.3);
  if (roll > 0.85) return "own";
  return roll > 0.45 ? "mortgage" : "rent";
}

function drawMissed(strain: number, random: Random): number {
  let missed = 0;
  while (missed < 6 && random.uniform() < clamp(0.12 + 0.25 * strain, 0.03, 0.6)) missed++;
  return missed;
}

/** The real relation, with noise on top: strain, missed payments and short employment raise the risk. */
function drawDefault(row: Omit<Applicant, "defaulted">, random: Random): 0 | 1 {
  const burden = row.loanAmount / row.annualIncome;
  const logit =
    -5.2 +
    6.5 * row.debtToIncome +
    5 * burden +
    1.3 * row.missedPayments -
    0.16 * Math.min(row.employmentYears, 15) +
    0.02 * row.termMonths +
    (row.housing === "rent" ? 0.8 : 0) +
    (row.debtToIncome > 0.4 && row.missedPayments > 1 ? 1 : 0) +
    0.3 * random.normal();
  return random.uniform() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
}

function drawApplicant(number: number, random: Random): Applicant {
  const age = Math.round(clamp(41 + 13 * random.normal(), 19, 84));
  const annualIncome = rounded(clamp(Math.exp(10.55 + 0.45 * random.normal()), 9_000, 260_000), 100);
  const employmentYears = Math.round(clamp(Math.abs(6 * random.normal()), 0, age - 18));
  const loanAmount = rounded(
    clamp(annualIncome * (0.08 + 0.3 * random.uniform() * random.uniform()), 500, 60_000),
    100,
  );
  const debtToIncome = Number(clamp(0.28 + 0.16 * random.normal(), 0.01, 0.95).toFixed(3));
  const row = {
    id: `A${String(number + 1).padStart(5, "0")}`,
    age,
    region: pick(REGIONS, random),
    annualIncome,
    employmentYears,
    loanAmount,
    termMonths: pick(TERMS, random),
    debtToIncome,
    missedPayments: drawMissed(debtToIncome, random),
    creditLines: Math.round(clamp(4 + 2.5 * random.normal(), 0, 18)),
    housing: drawHousing(annualIncome, random),
  };
  return { ...row, defaulted: drawDefault(row, random) };
}

export function drawTable(rows: number, seed: number): Applicant[] {
  const random = seededRandom(seed);
  return Array.from({ length: rows }, (_, number) => drawApplicant(number, random));
}

const COLUMNS: readonly (readonly [string, (row: Applicant) => string | number])[] = [
  ["application_id", (row) => row.id],
  ["age", (row) => row.age],
  ["region", (row) => row.region],
  ["annual_income", (row) => row.annualIncome],
  ["employment_years", (row) => row.employmentYears],
  ["loan_amount", (row) => row.loanAmount],
  ["term_months", (row) => row.termMonths],
  ["debt_to_income", (row) => row.debtToIncome.toFixed(3)],
  ["missed_payments_24m", (row) => row.missedPayments],
  ["credit_lines", (row) => row.creditLines],
  ["housing", (row) => row.housing],
  ["defaulted", (row) => row.defaulted],
];

/** RFC 4180 without its quoting: no value here holds a comma, a quote or a line break. */
export function toCsv(table: readonly Applicant[]): string {
  const lines = table.map((row) => COLUMNS.map(([, read]) => read(row)).join(","));
  return `${[COLUMNS.map(([name]) => name).join(","), ...lines].join("\n")}\n`;
}
