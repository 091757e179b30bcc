import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { fingerprint } from "../../shared/proof/checkpoint.js";
import { Command } from "../../shared/ui/command.js";
import { Panel } from "../../shared/ui/panel.js";
import { Time } from "../../shared/ui/time.js";
import styles from "./log.module.css";
import { useWatch } from "./watch.js";

const useFingerprint = (vkey: string): string => {
  const { data } = useQuery({
    queryKey: ["fingerprint", vkey],
    queryFn: () => fingerprint(vkey),
    enabled: vkey !== "",
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data ?? "…";
};

/** The key that everything on this page is checked against: pinned in this browser, replaceable by the user only. */
export function PinPanel(): ReactNode {
  const { pin, pinKey } = useWatch();
  const print = useFingerprint(pin?.vkey ?? "");
  const [text, setText] = useState("");
  const [error, setError] = useState("");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      await fingerprint(text);
      pinKey(text.trim());
      setText("");
      setError("");
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : "This is not a log key.");
    }
  };
  return (
    <Panel title="Your pinned log key" note="Kept in this browser. The server cannot change it.">
      <div className={styles.pin}>
        <output className={styles.print} aria-label="Fingerprint of the pinned key">
          {print}
        </output>
        <p className={styles.dim}>
          Pinned {pin === undefined ? "–" : <Time at={pin.at} />}, on first use unless you pasted it. Its
          keeper can tell you whether it is the right one; <code>countersign status</code> prints it too.
        </p>
        <Command label="log key">{pin?.vkey ?? ""}</Command>
        <form onSubmit={(event) => void submit(event)} className={styles.form}>
          <TextInput
            aria-label="Another log key to pin"
            placeholder="Paste a key: name+1a2b3c4d+AbCd…"
            size="xs"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            error={error === "" ? undefined : error}
            spellCheck={false}
          />
          <Button type="submit" size="xs" variant="default" disabled={text.trim() === ""}>
            Pin
          </Button>
        </form>
      </div>
    </Panel>
  );
}
