import { ApiError, type Graph, type GraphNode, type RunDetail } from "@countersign/api";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { KindIcon } from "../../shared/graph/icon.js";
import { nodeName, nodeStatus, nodeWords } from "../../shared/graph/words.js";
import { pageOf, routes } from "../../shared/routes.js";
import { Digest } from "../../shared/ui/digest.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Failure, Waiting } from "../../shared/ui/state.js";
import { useRecord } from "./api/get-runs.js";
import styles from "./runs.module.css";

/** What went in and what came out: as the client said, and as the signed record has it. */
export function SignedRecord({ run }: { run: RunDetail }): ReactNode {
  const record = useRecord(run.id);
  const unknown = record.error instanceof ApiError && record.error.status === 404;
  return (
    <div className={styles.three}>
      <Panel
        title="Datasets in"
        note="As the client logged them; a digest in green is a version that is known here."
      >
        <Inputs run={run} />
      </Panel>
      <Panel title="On the record" note="The run's provenance, signed into the log when it ends.">
        {record.data !== undefined ? (
          <Signed graph={record.data} run={run} />
        ) : unknown ? (
          <p className={styles.dim}>
            {run.status === "RUNNING"
              ? "Not yet: the run has not ended."
              : "Nothing was recorded of this run."}
          </p>
        ) : record.error !== null ? (
          <Failure error={record.error} />
        ) : (
          <Waiting rows={3} />
        )}
      </Panel>
    </div>
  );
}

function Inputs({ run: { inputs, modelInputs } }: { run: RunDetail }): ReactNode {
  if (inputs.length === 0 && modelInputs.length === 0)
    return <p className={styles.dim}>None was logged. Use mlflow.log_input to say what was read.</p>;
  return (
    <ul className={styles.items}>
      {inputs.map(({ name, digest, context, artifact }) => (
        <li key={`${name} ${digest}`}>
          <KindIcon kind="Dataset" />
          <Link href={routes.asset("Dataset", name)}>{name}</Link>
          {context !== "" && <small>{context}</small>}
          {artifact === null ? <Pill tone="wait">Not admitted here</Pill> : <Pill tone="ok">Known</Pill>}
          <Digest value={artifact ?? digest} length={8} />
        </li>
      ))}
      {modelInputs.map(({ model }) => (
        <li key={model}>
          <KindIcon kind="Model" />
          {model}
        </li>
      ))}
    </ul>
  );
}

function Signed({ graph, run }: { graph: Graph; run: RunDetail }): ReactNode {
  const key = `run:${run.id}`;
  const nodes = new Map(graph.nodes.map((node) => [node.key, node]));
  const side = (keys: string[]): GraphNode[] =>
    keys.map((one) => nodes.get(one)).filter((node) => node !== undefined);
  const into = side(graph.edges.filter(({ to }) => to === key).map(({ from }) => from));
  const out = side(graph.edges.filter(({ from }) => from === key).map(({ to }) => to));
  return (
    <div className={styles.stack}>
      <Side title="Read" of={into} none="No input" />
      <Side title="Made" of={out} none={run.status === "FINISHED" ? "No model" : "Nothing yet"} />
      {run.modelOutputs.length > 0 && out.length === 0 && (
        <p className={styles.dim}>Logged models: {run.modelOutputs.map(({ model }) => model).join(", ")}</p>
      )}
    </div>
  );
}

function Side({ title, of, none }: { title: string; of: GraphNode[]; none: string }): ReactNode {
  return (
    <div>
      <h3 className={styles.dim}>{title}</h3>
      {of.length === 0 ? (
        <p>{none}</p>
      ) : (
        <ul className={styles.items}>
          {of.map((node) => (
            <li key={node.key}>
              <KindIcon type={node.type} kind={node.kind} />
              <Link href={pageOf(node) ?? routes.lineageOf(node.key)}>{nodeName(node)}</Link>
              <small>{nodeWords(node)}</small>
              {node.status !== undefined && (
                <Pill tone={nodeStatus(node.status).tone}>{nodeStatus(node.status).word}</Pill>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
