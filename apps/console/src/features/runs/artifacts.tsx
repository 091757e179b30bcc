import type { RunArtifact } from "@countersign/api";
import { type ReactNode, useState } from "react";
import { Digest } from "../../shared/ui/digest.js";
import { bytes } from "../../shared/ui/format.js";
import { IconFile, IconParts } from "../../shared/ui/icons.js";
import { Panel } from "../../shared/ui/panel.js";
import { Empty, Loaded } from "../../shared/ui/state.js";
import { Table } from "../../shared/ui/table.js";
import { useArtifacts } from "./api/get-runs.js";
import styles from "./runs.module.css";

/** The files that a run left behind, folder by folder. */
export function Artifacts({ run }: { run: string }): ReactNode {
  const [path, setPath] = useState("");
  const artifacts = useArtifacts(run, path);
  const parts = path === "" ? [] : path.split("/");
  return (
    <Panel title="Artifacts" flush>
      {path !== "" && (
        <nav className={styles.crumbs} aria-label="Folder">
          <button type="button" onClick={() => setPath("")}>
            All artifacts
          </button>
          {parts.map((part, at) => (
            <button
              key={parts.slice(0, at + 1).join("/")}
              type="button"
              onClick={() => setPath(parts.slice(0, at + 1).join("/"))}
            >
              {part}
            </button>
          ))}
        </nav>
      )}
      <Loaded of={artifacts} rows={3}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No artifact was logged" />
          ) : (
            <Table caption="Artifacts" head={["Name", "Size", "Digest"]}>
              {items.map((item) => (
                <Item key={item.path} item={item} onOpen={setPath} />
              ))}
            </Table>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Item({ item, onOpen }: { item: RunArtifact; onOpen(path: string): void }): ReactNode {
  const { path, directory, size, digest } = item;
  return (
    <tr>
      <td>
        <span className={styles.file}>
          {directory ? <IconParts size={15} /> : <IconFile size={15} />}
          {directory ? (
            <button type="button" onClick={() => onOpen(path)}>
              {last(path)}/
            </button>
          ) : (
            last(path)
          )}
        </span>
      </td>
      <td>{directory ? "–" : bytes(size)}</td>
      <td>{digest === null ? "–" : <Digest value={digest} />}</td>
    </tr>
  );
}

const last = (path: string): string => path.split("/").at(-1) ?? path;
