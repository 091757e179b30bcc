import { Button, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { Command } from "../../shared/ui/command.js";
import { Mark } from "../../shared/ui/mark.js";
import { Notice } from "../../shared/ui/notice.js";
import styles from "./sign-in.module.css";

interface SignInProps {
  refused: Error | null;
  pending: boolean;
  exchange(code: string): void;
}

/** People paste the whole link as often as the code in it. */
const codeOf = (text: string): string => /code=([^&\s]+)/.exec(text)?.[1] ?? text.trim();

export function SignIn({ refused, pending, exchange }: SignInProps): ReactNode {
  const [text, setText] = useState("");
  useEffect(() => {
    document.title = "Sign in · Countersign";
  }, []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() !== "") exchange(codeOf(text));
  };
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <div className={styles.brand}>
          <Mark size={36} />
          <span>Countersign</span>
        </div>
        <h1>Sign in</h1>
        <p className={styles.lead}>
          Decides which AI models may run, where and on whose data, and can prove it.
        </p>
        {refused !== null && (
          <Notice tone="wait" title="This login link no longer works" role="alert">
            <p>A link works once and for a short time only. {refused.message}</p>
          </Notice>
        )}
        <form onSubmit={submit} className={styles.form}>
          <TextInput
            label="Login link or code"
            description="The server prints it in the terminal where it was started."
            placeholder="http://127.0.0.1:8420/#code=…"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autoComplete="one-time-code"
            spellCheck={false}
            data-autofocus
          />
          <Button type="submit" loading={pending} disabled={text.trim() === ""}>
            Sign in
          </Button>
        </form>
        <div className={styles.help}>
          <p>
            No link, or it expired? Every start prints a new one. Stop the server with Ctrl-C and start it
            again; nothing on the record is lost.
          </p>
          <Command>countersign up</Command>
        </div>
      </div>
    </main>
  );
}
