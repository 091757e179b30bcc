import type { Trace, TraceNode } from "@countersign/api";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { KindIcon } from "../../shared/graph/icon.js";
import { nodeName, nodeWords } from "../../shared/graph/words.js";
import { pageOf } from "../../shared/routes.js";
import { count } from "../../shared/ui/format.js";
import { Pill } from "../../shared/ui/pill.js";
import { type Flow, flowsOf, type Step, type StepKey, stepsOf } from "./steps.js";
import styles from "./trace.module.css";

const FEW = 4;

interface Words {
  /** What stands over the number. */
  title: string;
  /** What the number counts. */
  noun(value: number): string;
}

const WORDS: Record<Exclude<StepKey, "origin">, Words> = {
  runs: { title: "was read by", noun: (value) => (value === 1 ? "run" : "runs") },
  models: { title: "which made", noun: (value) => (value === 1 ? "version" : "versions") },
  deployments: { title: "which run as", noun: (value) => (value === 1 ? "deployment" : "deployments") },
  systems: { title: "on which rest", noun: (value) => (value === 1 ? "system" : "systems") },
};

/** Counts and names, step by step, joined by bands as thick as what flows through them. */
export function Story({ trace }: { trace: Trace }): ReactNode {
  const steps = stepsOf(trace).filter(({ key, nodes }) => key === "origin" || nodes.length > 0);
  const flows = flowsOf(trace);
  return (
    <>
      <p className={styles.told}>{tell(nodeName(trace.origin), steps)}</p>
      <ol className={styles.steps}>
        {steps.map((step, at) => (
          <li key={step.key} className={styles.step} data-step={step.key}>
            {at > 0 && <Band flow={between(flows, steps[at - 1]?.key, step.key)} />}
            <Card step={step} origin={nodeName(trace.origin)} />
          </li>
        ))}
      </ol>
    </>
  );
}

const between = (flows: Flow[], from: StepKey | undefined, to: StepKey): number =>
  flows.find((flow) => flow.from === from && flow.to === to)?.count ??
  flows.filter((flow) => flow.to === to).reduce((sum, flow) => sum + flow.count, 0);

/** The whole story in one sentence. */
const tell = (origin: string, steps: Step[]): string => {
  const of = (key: StepKey): number => steps.find((step) => step.key === key)?.nodes.length ?? 0;
  const running = steps.find(({ key }) => key === "deployments")?.running ?? 0;
  const parts = [
    of("runs") > 0 ? `was read by ${count(of("runs"), "run")}` : "",
    of("models") > 0 ? `reached ${count(of("models"), "version")}` : "",
    of("deployments") > 0 ? `runs in ${count(running, "deployment")} now` : "",
    of("systems") > 0 ? `${count(of("systems"), "system rests", "systems rest")} on it` : "",
  ].filter((part) => part !== "");
  const last = parts.pop() ?? "reached nothing";
  return `${origin} ${parts.length > 0 ? `${parts.join(", ")}, and ${last}` : last}.`;
};

function Card({ step, origin }: { step: Step; origin: string }): ReactNode {
  const { key, nodes, running, contained } = step;
  const words = key === "origin" ? undefined : WORDS[key];
  return (
    <section
      className={styles.card}
      aria-label={words === undefined ? origin : `${nodes.length} ${words.noun(nodes.length)}`}
    >
      {words === undefined ? (
        <>
          <h3>What is bad</h3>
          <strong className={styles.name}>{origin}</strong>
          {nodes[0] !== undefined && <small>{nodeWords(nodes[0])}</small>}
          {nodes.length > 1 && <small>{count(nodes.length - 1, "version")}</small>}
        </>
      ) : (
        <>
          <h3>{words.title}</h3>
          <strong className={styles.number}>
            {nodes.length.toLocaleString("en-GB")} <span>{words.noun(nodes.length)}</span>
          </strong>
          {running > 0 && <Pill tone="bad">{running} running now</Pill>}
          {contained > 0 && <Pill tone="ok">{contained} contained</Pill>}
          <ul>
            {nodes.slice(0, FEW).map((node) => (
              <Named key={node.key} node={node} />
            ))}
          </ul>
          {nodes.length > FEW && (
            <details>
              <summary>and {(nodes.length - FEW).toLocaleString("en-GB")} more</summary>
              <ul>
                {nodes.slice(FEW, 200).map((node) => (
                  <Named key={node.key} node={node} />
                ))}
                {nodes.length > 200 && <li>The table in the lineage has all of them.</li>}
              </ul>
            </details>
          )}
        </>
      )}
    </section>
  );
}

function Named({ node }: { node: TraceNode }): ReactNode {
  const page = pageOf(node);
  const name = nodeName(node);
  return (
    <li title={nodeWords(node)}>
      <KindIcon type={node.type} kind={node.kind} size={14} />
      {page === undefined ? <span>{name}</span> : <Link href={page}>{name}</Link>}
      <small>{node.type === "version" ? node.key.slice(7, 15) : node.environment}</small>
    </li>
  );
}

function Band({ flow }: { flow: number }): ReactNode {
  const width = Math.min(46, 5 + Math.log2(flow + 1) * 5);
  return (
    <svg className={styles.band} viewBox="0 0 40 60" preserveAspectRatio="none" aria-hidden="true">
      <path d={`M0 ${30 - width / 2} H30 L40 30 L30 ${30 + width / 2} H0 z`} />
    </svg>
  );
}
