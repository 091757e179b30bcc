import { Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { type ReactNode, useId, useState } from "react";
import { Link, useSearchParams } from "wouter";
import { useAsset } from "../../shared/api/get-asset.js";
import { kindOf } from "../../shared/api/kinds.js";
import { routes } from "../../shared/routes.js";
import { Command } from "../../shared/ui/command.js";
import { Page } from "../../shared/ui/page.js";
import { Panel } from "../../shared/ui/panel.js";
import { Empty, Failure, Loaded } from "../../shared/ui/state.js";
import { Answer } from "./answer.js";
import { useApply } from "./api/change.js";
import styles from "./asset.module.css";

const NEW = `apiVersion: countersign.dev/v1
kind: Model
metadata:
  name: my-model
  owner: my-team
  description: What it is for, in one sentence.
  tags:
    sensitivity: internal
spec: {}
`;

export function ApplyPage(): ReactNode {
  const [params] = useSearchParams();
  const kind = kindOf(params.get("kind"));
  const name = params.get("name") ?? "";
  const asset = useAsset(kind ?? "Model", name, kind !== undefined && name !== "");
  const known = kind !== undefined && name !== "";
  return (
    <Page
      title={known ? `Edit ${name}` : "Apply documents"}
      lead={
        <span className={styles.lead}>
          <Link href={routes.inventory}>Inventory</Link>
          {known && <Link href={routes.asset(kind, name)}>{name}</Link>}
          <span>Nothing changes before you have seen what would.</span>
        </span>
      }
    >
      {known ? (
        <Loaded of={asset} rows={8}>
          {(data) => <Editor start={data.yaml || NEW.replace("Model", kind).replace("my-model", name)} />}
        </Loaded>
      ) : (
        <Editor start={NEW} />
      )}
      <Panel
        title="From files, and in your pipeline"
        note="Keep the documents in Git: the console and the command read and write the same."
      >
        <div className={styles.stack}>
          <Command>countersign diff -f inventory/</Command>
          <Command>countersign apply -f inventory/</Command>
        </div>
      </Panel>
    </Page>
  );
}

function Editor({ start }: { start: string }): ReactNode {
  const id = useId();
  const [text, setText] = useState(start);
  const check = useApply();
  const apply = useApply();
  const checked = check.data !== undefined && check.variables.text === text;
  const ask = (): void => {
    apply.reset();
    check.mutate({ text, dryRun: true });
  };
  useHotkeys([["mod+Enter", ask]], []);
  const changing = (check.data?.results ?? []).filter(({ action }) => action !== "unchanged").length;
  return (
    <div className={styles.two}>
      <Panel title="Documents" note="YAML or JSON, several with --- between. Paste, or change what is here.">
        <div className={styles.editor}>
          <label htmlFor={id} className="visually-hidden">
            Documents to apply
          </label>
          <textarea
            id={id}
            value={text}
            spellCheck={false}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
          />
          <div className={styles.acts}>
            <Button variant={checked ? "default" : "filled"} loading={check.isPending} onClick={ask}>
              See what would change
            </Button>
            <Button
              disabled={!checked || changing === 0 || apply.isSuccess}
              variant={checked ? "filled" : "default"}
              loading={apply.isPending}
              onClick={() => apply.mutate({ text }, { onSuccess: () => check.reset() })}
            >
              {changing > 1 ? `Apply ${changing} documents` : "Apply"}
            </Button>
          </div>
        </div>
      </Panel>
      <div aria-live="polite">
        <Preview check={check} apply={apply} checked={checked} />
      </div>
    </div>
  );
}

type Applying = ReturnType<typeof useApply>;

function Preview({
  check,
  apply,
  checked,
}: {
  check: Applying;
  apply: Applying;
  checked: boolean;
}): ReactNode {
  const error = apply.error ?? check.error;
  if (error !== null) return <Failure error={error} />;
  if (apply.data !== undefined) return <Answer answer={apply.data} done />;
  if (checked && check.data !== undefined) return <Answer answer={check.data} done={false} />;
  return (
    <Panel title="What would change" flush>
      <Empty title={check.data === undefined ? "Not checked yet" : "The text has changed since"}>
        Ask before you apply: Ctrl and Enter does it too.
      </Empty>
    </Panel>
  );
}
