import type { AssetDetail } from "@countersign/api";
import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Link, useLocation } from "wouter";
import { routes } from "../../shared/routes.js";
import { Command } from "../../shared/ui/command.js";
import { Copy } from "../../shared/ui/copy.js";
import { Dialog } from "../../shared/ui/dialog.js";
import { count, quote } from "../../shared/ui/format.js";
import { Panel } from "../../shared/ui/panel.js";
import { Empty, Failure } from "../../shared/ui/state.js";
import { useRemove } from "./api/change.js";
import styles from "./asset.module.css";

/** The document as it is applied from a file; what is shown can be copied, changed and applied again. */
export function Document({ asset }: { asset: AssetDetail }): ReactNode {
  const [removing, setRemoving] = useState(false);
  const { kind, name, yaml } = asset;
  const edit = `${routes.apply}?kind=${kind}&name=${encodeURIComponent(name)}`;
  if (asset.document === null) {
    return (
      <Panel title="Document" flush>
        <Empty title="No document declares it">
          <Link href={edit}>Declare it now</Link>
        </Empty>
      </Panel>
    );
  }
  return (
    <Panel
      title="Document"
      note="The same text that the countersign command writes and reads."
      action={
        <div className={styles.acts}>
          <Copy value={yaml} what="document" />
          <Button size="xs" variant="default" onClick={() => setRemoving(true)}>
            Delete
          </Button>
          <Button size="xs" renderRoot={(props) => <Link {...props} href={edit} />}>
            Edit
          </Button>
        </div>
      }
    >
      <div className={styles.stack}>
        <pre className={styles.yaml}>{yaml}</pre>
        <Command>{`countersign get ${kind.toLowerCase()} ${quote(name)} --output yaml`}</Command>
      </div>
      <Removal asset={asset} open={removing} onClose={() => setRemoving(false)} />
    </Panel>
  );
}

interface RemovalProps {
  asset: AssetDetail;
  open: boolean;
  onClose(): void;
}

function Removal({ asset: { kind, name, references }, open, onClose }: RemovalProps): ReactNode {
  const remove = useRemove();
  const [, go] = useLocation();
  return (
    <Dialog
      title={`Take ${name} out of the inventory?`}
      open={open}
      onClose={onClose}
      foot={
        <>
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button
            color="red.9"
            loading={remove.isPending}
            onClick={() => remove.mutate({ kind, name }, { onSuccess: () => go(routes.inventory) })}
          >
            Delete the document
          </Button>
        </>
      }
    >
      <p>
        The log keeps what it said. Versions that were admitted stay admitted; their tags stay as they were
        last declared.
      </p>
      {references.in.length > 0 && (
        <p>
          <strong>{count(references.in.length, "document names", "documents name")} it</strong> and would lead
          nowhere.
        </p>
      )}
      {remove.error !== null && <Failure error={remove.error} />}
    </Dialog>
  );
}
