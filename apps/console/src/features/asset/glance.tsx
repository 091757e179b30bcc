import type { AssetDetail, AssetReference } from "@countersign/api";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { KindIcon } from "../../shared/graph/icon.js";
import { routes } from "../../shared/routes.js";
import { Chips } from "../../shared/ui/chips.js";
import { topic } from "../../shared/ui/decisions.js";
import { count } from "../../shared/ui/format.js";
import { Pill } from "../../shared/ui/pill.js";
import { Time } from "../../shared/ui/time.js";
import { outcome } from "../../shared/ui/tone.js";
import { useRunning } from "./api/get-deployments.js";
import { useMakers } from "./api/get-makers.js";
import styles from "./asset.module.css";
import { origins, said } from "./relations.js";

const FEW = 4;

/** The five questions that one asks of anything: who, what, where from, allowed by what, used by what. */
export function Glance({ asset }: { asset: AssetDetail }): ReactNode {
  return (
    <div className={styles.glance}>
      <Answer question="Who owns it?">
        <strong>{asset.owner || "Nobody is named"}</strong>
        {asset.declared ? (
          <p className={styles.dim}>
            Declared by {asset.principal || "somebody unknown"}, <Time at={asset.updatedAt} />
          </p>
        ) : (
          <p className={styles.dim}>No document declares it: it was admitted.</p>
        )}
      </Answer>
      <Answer question="What is it?">
        <strong className={styles.kind}>
          <KindIcon kind={asset.kind} /> {asset.kind}
        </strong>
        {asset.document?.metadata.description !== undefined && (
          <p className={styles.clamp}>{asset.document.metadata.description}</p>
        )}
        <Chips of={withoutOwner(asset.tags)} />
      </Answer>
      <Answer question="Where does it come from?">
        <Origin asset={asset} />
      </Answer>
      <Answer question="What allowed it?">
        <Allowed asset={asset} />
      </Answer>
      <Answer question="What uses it?">
        <Used asset={asset} />
      </Answer>
    </div>
  );
}

/** The first question has answered that already. */
const withoutOwner = ({ owner, ...tags }: Record<string, string>): Record<string, string> => tags;

function Answer({ question, children }: { question: string; children: ReactNode }): ReactNode {
  return (
    <section className={styles.answer} aria-label={question}>
      <h2>{question}</h2>
      {children}
    </section>
  );
}

interface NamedProps {
  of: AssetReference[];
  way: "out" | "in";
  none: string;
}

function Named({ of, way, none }: NamedProps): ReactNode {
  if (of.length === 0) return <p className={styles.dim}>{none}</p>;
  const relations = [...new Set(of.map((reference) => said(reference, way)))];
  return (
    <dl className={styles.named}>
      {relations.map((relation) => {
        const own = of.filter((reference) => said(reference, way) === relation);
        return (
          <div key={relation}>
            <dt>{relation}</dt>
            {own.slice(0, FEW).map(({ kind, name, known }) => (
              <dd key={`${kind} ${name}`}>
                <Link href={routes.asset(kind, name)}>{name}</Link>
                {!known && <Pill tone="wait">Unknown</Pill>}
              </dd>
            ))}
            {own.length > FEW && <dd className={styles.dim}>and {own.length - FEW} more</dd>}
          </div>
        );
      })}
    </dl>
  );
}

// What a document says, and what the record knows without one.
function Origin({ asset }: { asset: AssetDetail }): ReactNode {
  const named = origins(asset.references.out);
  const makers = useMakers(asset.newest[0]?.artifact).data ?? [];
  const { origin } = asset.tags;
  const none = asset.declared ? "Its document names no source." : "Nobody has said, and no run is on record.";
  return (
    <>
      {makers.length > 0 && (
        <dl className={styles.named}>
          <div>
            <dt>was made by the run</dt>
            {makers.slice(0, FEW).map(({ key, label }) => (
              <dd key={key}>
                <Link href={routes.run(key.slice("run:".length))}>{label}</Link>
              </dd>
            ))}
          </div>
        </dl>
      )}
      {(named.length > 0 || (makers.length === 0 && origin === undefined)) && (
        <Named of={named} way="out" none={none} />
      )}
      {origin !== undefined && <p className={styles.dim}>Origin: {origin}</p>}
    </>
  );
}

function Used({ asset }: { asset: AssetDetail }): ReactNode {
  const running = useRunning(asset.name, asset.kind === "Model");
  const deployments = running.data ?? [];
  return (
    <>
      {deployments.length > 0 && (
        <dl className={styles.named}>
          <div>
            <dt>runs as</dt>
            {deployments.slice(0, FEW).map(({ key, name, environment }) => (
              <dd key={key}>
                <Link href={routes.lineageOf(key)}>{name}</Link> <small>{environment}</small>
              </dd>
            ))}
          </div>
        </dl>
      )}
      {(deployments.length === 0 || asset.references.in.length > 0) && (
        <Named of={asset.references.in} way="in" none="Nothing refers to it." />
      )}
    </>
  );
}

function Allowed({ asset }: { asset: AssetDetail }): ReactNode {
  const [version] = asset.newest;
  if (version === undefined) return <p className={styles.dim}>No version of it was admitted.</p>;
  const decisions = version.decisions.toSorted((a, b) => b.index - a.index).slice(0, FEW);
  return (
    <>
      {decisions.length === 0 && <p className={styles.dim}>No gate has decided on it yet.</p>}
      <ul className={styles.decided}>
        {decisions.map((decision) => {
          const word = outcome(decision.outcome);
          return (
            <li key={decision.id}>
              <Pill tone={word.tone}>{word.word}</Pill>
              <Link href={routes.decision(decision.id)}>{topic(decision)}</Link>
            </li>
          );
        })}
      </ul>
      <p className={styles.dim}>The newest of {count(asset.versions, "version")}.</p>
    </>
  );
}
