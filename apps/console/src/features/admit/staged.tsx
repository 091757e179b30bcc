import type { UploadInput } from "@countersign/api";
import { Button, Checkbox, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { bytes, count } from "../../shared/ui/format.js";
import styles from "./admit.module.css";
import { nameFrom, type Picked } from "./read-drop.js";

const LICENCES = [
  "Apache-2.0",
  "MIT",
  "BSD-3-Clause",
  "CC-BY-4.0",
  "CC-BY-NC-4.0",
  "OpenRAIL-M",
  "Proprietary",
];
const SHOWN = 5;

interface StagedProps {
  picked: Picked;
  onAdmit(input: UploadInput): void;
  onCancel(): void;
}

/** What was picked, and the few things only a person knows about it. */
export function Staged({ picked, onAdmit, onCancel }: StagedProps): ReactNode {
  const [name, setName] = useState(picked.name);
  const [licence, setLicence] = useState("");
  const [origin, setOrigin] = useState("");
  const [sign, setSign] = useState(true);
  const good = name !== "" && nameFrom(name) === name;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAdmit({
      name,
      files: picked.files,
      ...(licence.trim() === "" ? {} : { licence: licence.trim() }),
      ...(origin.trim() === "" ? {} : { origin: origin.trim() }),
      ...(sign ? { signAs: "author" } : {}),
    });
  };
  return (
    <form className={styles.staged} onSubmit={submit} aria-label="Admit a model">
      <FileList picked={picked} />
      <div className={styles.fields}>
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={good ? undefined : "Letters, digits and . _ @ / + - only, starting with a letter or digit"}
          spellCheck={false}
          required
          withAsterisk={false}
        />
        <TextInput
          label="Licence"
          placeholder="Unknown"
          list="licences"
          value={licence}
          onChange={(event) => setLicence(event.currentTarget.value)}
        />
        <datalist id="licences">
          {LICENCES.map((id) => (
            <option key={id} value={id} />
          ))}
        </datalist>
        <TextInput
          label="Origin"
          placeholder="Unknown"
          value={origin}
          onChange={(event) => setOrigin(event.currentTarget.value)}
          spellCheck={false}
        />
      </div>
      <p className={styles.hint}>Licence and origin may wait. Production will ask for both.</p>
      <div className={styles.submit}>
        <Checkbox
          size="xs"
          label="Sign it with this server's author key"
          checked={sign}
          onChange={(event) => setSign(event.currentTarget.checked)}
        />
        <span className={styles.grow} />
        <Button size="sm" variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button size="sm" type="submit" disabled={!good} data-autofocus autoFocus>
          Admit
        </Button>
      </div>
    </form>
  );
}

function FileList({ picked }: { picked: Picked }): ReactNode {
  const size = picked.files.reduce((sum, { data }) => sum + data.size, 0);
  const more = picked.files.length - SHOWN;
  return (
    <div>
      <strong>
        {count(picked.files.length, "file")}, {bytes(size)}
      </strong>
      <ul className={styles.files}>
        {picked.files.slice(0, SHOWN).map(({ path, data }) => (
          <li key={path}>
            <code>{path}</code>
            <span>{bytes(data.size)}</span>
          </li>
        ))}
        {more > 0 && <li>and {count(more, "more file")}</li>}
      </ul>
    </div>
  );
}
