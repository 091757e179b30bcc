import type { ContainmentResult, Trace } from "@countersign/api";
import { Button, Textarea } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { routes } from "../../shared/routes.js";
import { Dialog } from "../../shared/ui/dialog.js";
import { count } from "../../shared/ui/format.js";
import { Notice } from "../../shared/ui/notice.js";
import { Panel } from "../../shared/ui/panel.js";
import { Failure } from "../../shared/ui/state.js";
import { useContain } from "./api/trace.js";
import styles from "./trace.module.css";

interface PlanProps {
  trace: Trace;
  subject: string;
}

/** What containing would do and what is left to people, before anything is done. */
export function Plan({ trace: { plan, origin }, subject }: PlanProps): ReactNode {
  const [asking, setAsking] = useState(false);
  const contain = useContain();
  const open = plan.versions.filter(({ contained }) => !contained);
  const name = origin.label || origin.name;
  return (
    <Panel
      title="Contain it"
      note={
        open.length > 0
          ? "Nothing below happens before you confirm."
          : "Every version that it reached is contained."
      }
      action={
        <Button color="red.9" disabled={open.length === 0} onClick={() => setAsking(true)}>
          {open.length === 0 ? "All contained" : `Contain ${count(open.length, "version")}`}
        </Button>
      }
    >
      <div className={styles.plan}>
        <Part
          title={open.length > 0 ? "Every gate will refuse" : "Every gate refuses"}
          lead="to train with, promote, deploy, call or export them, until it is lifted"
        >
          {plan.versions.map(({ artifact, kind, name: model, contained }) => (
            <li key={artifact}>
              <Link href={kind === "Dataset" ? routes.asset(kind, model) : routes.version(artifact)}>
                {model || artifact.slice(7, 19)}
              </Link>{" "}
              <small>
                {kind.toLowerCase()} {artifact.slice(7, 15)}
              </small>
              {contained && open.length > 0 && <small>, contained already</small>}
            </li>
          ))}
        </Part>
        <Part title="Still runs, and has to be stopped by you" lead="the record says that these serve now">
          {plan.deployments.map(({ key, name: deployed, environment, region }) => (
            <li key={key}>
              {deployed}{" "}
              <small>
                {environment}, {region}
              </small>
            </li>
          ))}
        </Part>
        <Part title="Points at it" lead="aliases and environments that name a reached version">
          {plan.aliases.map(({ name: model, alias, artifact }) => (
            <li key={`${model} ${alias} ${artifact}`}>
              {model} <small>@ {alias}</small>
            </li>
          ))}
        </Part>
        <Part
          title="Rests on it"
          lead={plan.owners.length > 0 ? `tell ${plan.owners.join(", ")}` : "systems and endpoints"}
        >
          {plan.systems.map(({ key, kind, name: system, owner }) => (
            <li key={key}>
              <Link href={routes.asset(kind, system)}>{system}</Link>{" "}
              <small>
                {kind.toLowerCase()}
                {owner === "" ? "" : `, ${owner}`}
              </small>
            </li>
          ))}
        </Part>
      </div>
      <div aria-live="polite">{contain.data !== undefined && <Result of={contain.data} />}</div>
      <Confirm
        title={`Contain ${count(open.length, "version")}?`}
        open={asking}
        onClose={() => setAsking(false)}
        pending={contain.isPending}
        error={contain.error}
        act={`Contain ${count(open.length, "version")}`}
        start={`${name} was found to be poisoned`}
        onConfirm={(reason) => contain.mutate({ subject, reason }, { onSuccess: () => setAsking(false) })}
      >
        <p>
          From then on every gate denies {open.length === 1 ? "it" : "them"}. It is signed and on the record;
          somebody who may revoke can lift it.
        </p>
      </Confirm>
    </Panel>
  );
}

const FEW = 6;
const MANY = 200;

function Part({ title, lead, children }: { title: string; lead: string; children: ReactNode[] }): ReactNode {
  return (
    <section className={styles.part} aria-label={title}>
      <h3>
        {title} <span>{children.length}</span>
      </h3>
      <p>{children.length === 0 ? "Nothing." : lead}</p>
      <ul>{children.slice(0, FEW)}</ul>
      {children.length > FEW && (
        <details>
          <summary>and {children.length - FEW} more</summary>
          <ul>{children.slice(FEW, MANY)}</ul>
          {children.length > MANY && <p>The command shows all of them.</p>}
        </details>
      )}
    </section>
  );
}

function Result({ of: { entries, plan } }: { of: ContainmentResult }): ReactNode {
  const first = entries[0];
  const left = plan.deployments.length;
  return (
    <div className={styles.result}>
      <Notice tone="ok" title={`Contained: ${count(entries.length, "version")}`}>
        <p>
          Every gate refuses {entries.length === 1 ? "it" : "them"} from now on.{" "}
          {first !== undefined && <Link href={routes.entry(first.index)}>See the record</Link>}
        </p>
      </Notice>
      {left > 0 && (
        <Notice
          tone="wait"
          title={`Not done yet: ${count(left, "deployment still runs", "deployments still run")}`}
        >
          Stop {left === 1 ? "it" : "them"} where {left === 1 ? "it runs" : "they run"}, and report it.
        </Notice>
      )}
    </div>
  );
}

interface ConfirmProps {
  title: string;
  open: boolean;
  pending: boolean;
  error: Error | null;
  act: string;
  start: string;
  onClose(): void;
  onConfirm(reason: string): void;
  children: ReactNode;
}

/** Asks for the reason: it is signed with what is done. */
export function Confirm(props: ConfirmProps): ReactNode {
  const { title, open, pending, error, act, start, onClose, onConfirm, children } = props;
  const [typed, setTyped] = useState<string>();
  const reason = typed ?? start;
  return (
    <Dialog
      title={title}
      open={open}
      onClose={onClose}
      foot={
        <>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            color="red.9"
            loading={pending}
            disabled={reason.trim() === ""}
            onClick={() => onConfirm(reason.trim())}
          >
            {act}
          </Button>
        </>
      }
    >
      {children}
      <Textarea
        label="Reason"
        description="Signed and kept. No personal data, please."
        autosize
        minRows={2}
        maxLength={1024}
        value={reason}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      {error !== null && <Failure error={error} />}
    </Dialog>
  );
}
