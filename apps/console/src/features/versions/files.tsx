import type { VersionDetail } from "@countersign/api";
import type { ReactNode } from "react";
import { Digest } from "../../shared/ui/digest.js";
import { bytes } from "../../shared/ui/format.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Empty } from "../../shared/ui/state.js";
import { Table } from "../../shared/ui/table.js";
import { verdict } from "../../shared/ui/tone.js";

export function Files({ version }: { version: VersionDetail }): ReactNode {
  const { manifest, scan } = version;
  if (manifest === null) {
    return (
      <Panel title="Files" flush>
        <Empty title="The list of files is not there">
          It was erased, or its evidence was touched. Any gate refuses this version.
        </Empty>
      </Panel>
    );
  }
  const reports = new Map((scan?.files ?? []).map((file) => [file.path, file]));
  return (
    <Panel title="Files" note="The digest of this list is the version's name: other bytes, other name." flush>
      <Table caption="Files of this version" head={["File", "Size", "Digest", "Format", "Scan"]}>
        {manifest.files.map(({ name, size, digest }) => {
          const report = reports.get(name);
          const said = verdict(report?.verdict ?? "none");
          return (
            <tr key={name}>
              <td>
                <code>{name}</code>
              </td>
              <td>{bytes(size)}</td>
              <td>
                <Digest value={digest} />
              </td>
              <td>{report?.format ?? "–"}</td>
              <td>
                <Pill tone={said.tone}>{said.word}</Pill>
              </td>
            </tr>
          );
        })}
      </Table>
    </Panel>
  );
}
