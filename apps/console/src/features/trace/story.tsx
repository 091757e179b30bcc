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
const MANY = 200;

/** What stands over each number. */
const TITLES: Record<StepKey, string> = {
  origin: "What is bad",
  runs: "was read by",
  models: "which made",
  deployments: "which run as",
  systems: "on which rest",
};

const PLAIN: Record<StepKey, [string, string]> = {
  origin: ["", ""],
  runs: ["run", "runs"],
  models: ["version", "versions"],
  deployments: ["deployment", "deployments"],
  systems: ["system", "systems"],
};
/** What else may be among the runs and the versions. */
const OTHER: Partial<Record<TraceNode["type"], [string, string]>> = {
  job: ["job", "jobs"],
  external: ["dataset", "datasets"],
};

/** What a step counts, such as `runs and jobs`. */
const nounOf = ({ key, nodes }: Step): string => {
  const at = nodes.length === 1 ? 0 : 1;
  const others = nodes.filter(({ type }) => OTHER[type] !== undefined);
  const other = others[0] === undefined ? undefined : OTHER[others[0].type];
  if (other === undefined) return PLAIN[key][at];
  return others.length === nodes.length ? other[at] : `${PLAIN[key][1]} and ${other[1]}`;
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
  const parts = steps.flatMap((step) => {
    const counted = `${step.nodes.length.toLocaleString("en-GB")} ${nounOf(step)}`;
    if (step.key === "runs") return [`was read by ${counted}`];
    if (step.key === "models") return [`reached ${counted}`];
    if (step.key === "deployments") return [`runs in ${count(step.running, "deployment")} now`];
    return step.key === "systems" ? [`${counted} ${step.nodes.length === 1 ? "rests" : "rest"} on it`] : [];
  });
  const last = parts.pop() ?? "reached nothing";
  return `${origin} ${parts.length > 0 ? `${parts.join(", ")}, and ${last}` : last}.`;
};

function Card({ step, origin }: { step: Step; origin: string }): ReactNode {
  const { key, nodes, running, contained } = step;
  if (key === "origin") return <Origin nodes={nodes} name={origin} />;
  const noun = nounOf(step);
  return (
    <section className={styles.card} aria-label={`${nodes.length} ${noun}`}>
      <h3>{TITLES[key]}</h3>
      <strong className={styles.number}>
        {nodes.length.toLocaleString("en-GB")} <span>{noun}</span>
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
            {nodes.slice(FEW, MANY).map((node) => (
              <Named key={node.key} node={node} />
            ))}
            {nodes.length > MANY && <li>The table in the lineage has all of them.</li>}
          </ul>
        </details>
      )}
    </section>
  );
}

function Origin({ nodes, name }: { nodes: TraceNode[]; name: string }): ReactNode {
  const [first] = nodes;
  return (
    <section className={styles.card} aria-label={name}>
      <h3>{TITLES.origin}</h3>
      <strong className={styles.name}>{name}</strong>
      {first !== undefined && <small>{nodeWords(first)}</small>}
      {nodes.length > 1 && <small>{count(nodes.length - 1, "version")}</small>}
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
