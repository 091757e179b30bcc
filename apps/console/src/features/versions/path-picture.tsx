import type { VersionDetail } from "@countersign/api";
import { Fragment, type ReactNode } from "react";
import { topic } from "../../shared/ui/decisions.js";
import { bytes, count } from "../../shared/ui/format.js";
import {
  IconChevron,
  IconFile,
  IconGavel,
  IconPen,
  IconPeople,
  IconScan,
  IconTag,
} from "../../shared/ui/icons.js";
import { outcome, type Tone, verdict } from "../../shared/ui/tone.js";
import styles from "./path-picture.module.css";
import { newest } from "./standing.js";

interface Stop {
  label: string;
  icon: typeof IconFile;
  tone: Tone;
  word: string;
  detail: string;
}

const bytesStop = ({ manifest }: VersionDetail): Stop => ({
  label: "Bytes",
  icon: IconFile,
  tone: manifest === null ? "bad" : "ok",
  word: manifest === null ? "Manifest missing" : "Named",
  detail:
    manifest === null
      ? "erased or touched"
      : `${count(manifest.files.length, "file")}, ${bytes(manifest.files.reduce((sum, file) => sum + file.size, 0))}`,
});

const scanStop = ({ facts: { scan } }: VersionDetail): Stop => {
  const said = verdict(scan.verdict);
  const detail = scan.expired ? "expired, scan again" : count(scan.findings.length, "finding");
  return { label: "Scan", icon: IconScan, tone: scan.expired ? "wait" : said.tone, word: said.word, detail };
};

const signatureStop = ({ facts: { signature } }: VersionDetail): Stop => ({
  label: "Signature",
  icon: IconPen,
  tone: signature.present ? "ok" : "wait",
  word: signature.present ? "Signed" : "Unsigned",
  detail: signature.present ? `by ${signature.signers.join(", ")}` : "may not leave dev",
});

const declarationStop = ({ facts: { declaration } }: VersionDetail): Stop => {
  const known = declaration.licence !== "" && declaration.origin !== "";
  return {
    label: "Licence, origin",
    icon: IconTag,
    tone: known ? "ok" : "wait",
    word: declaration.licence === "" ? "Unknown" : declaration.licence,
    detail: declaration.origin === "" ? "origin unknown" : `from ${declaration.origin}`,
  };
};

const approvalStop = ({ facts: { approvals } }: VersionDetail): Stop => ({
  label: "Approvals",
  icon: IconPeople,
  tone: approvals.length > 0 ? "ok" : "quiet",
  word: approvals.length === 0 ? "None" : count(approvals.length, "approval"),
  detail:
    approvals.map(({ principal, environment }) => `${principal} for ${environment}`).join(", ") ||
    "none held",
});

const decisionStop = ({ decisions }: VersionDetail): Stop => {
  const decision = newest(decisions);
  if (decision === undefined)
    return { label: "Decision", icon: IconGavel, tone: "quiet", word: "None", detail: "no gate was asked" };
  const said = outcome(decision.outcome);
  return {
    label: "Decision",
    icon: IconGavel,
    tone: said.tone,
    word: decision.outcome === "pending" ? "Waiting" : said.word,
    detail: topic(decision),
  };
};

/** The way of one model, left to right: where it stopped is where to look. */
export function PathPicture({ version }: { version: VersionDetail }): ReactNode {
  const stops = [bytesStop, scanStop, signatureStop, declarationStop, approvalStop, decisionStop].map(
    (make) => make(version),
  );
  return (
    <ol className={styles.path}>
      {stops.map(({ label, icon: Icon, tone, word, detail }, at) => (
        <Fragment key={label}>
          {at > 0 && (
            <li className={styles.arrow} aria-hidden="true">
              <IconChevron size={18} />
            </li>
          )}
          <li className={styles.stop} data-tone={tone}>
            <span className={styles.label}>
              <Icon size={15} />
              {label}
            </span>
            <strong>{word}</strong>
            <small title={detail}>{detail}</small>
          </li>
        </Fragment>
      ))}
    </ol>
  );
}
