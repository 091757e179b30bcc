import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Alarm } from "../../shared/proof/checkpoint.js";
import { routes } from "../../shared/routes.js";
import { Command } from "../../shared/ui/command.js";
import { Notice } from "../../shared/ui/notice.js";
import { useWatch } from "./watch.js";

const TITLES: Record<Alarm, string> = {
  signature: "The log is not signed by the key that you pinned",
  "rolled-back": "The log was rolled back",
  rewritten: "The log was rewritten",
};

/** Said on every page: when the record itself cannot be trusted, nothing else shown here can. */
export function LogAlarm(): ReactNode {
  const { answer, log, otherKey, pinKey } = useWatch();
  const alarm = answer?.ok === false ? answer : undefined;
  if (alarm === undefined && !otherKey) return null;
  return (
    <Notice
      tone="bad"
      role="alert"
      title={
        otherKey
          ? "This server keeps another log than the one you pinned"
          : TITLES[alarm?.alarm ?? "signature"]
      }
    >
      <p>{alarm?.reason} Do not rely on what these pages show until somebody has explained it.</p>
      {otherKey ? (
        <>
          <p>If you set up this server anew, that is expected: compare the new fingerprint, then pin it.</p>
          <div>
            <Button size="xs" color="red" variant="light" onClick={() => pinKey(log?.vkey ?? "")}>
              Pin the new key
            </Button>{" "}
            <Link href={routes.log}>Compare fingerprints</Link>
          </div>
        </>
      ) : (
        <>
          <p>Ask the log itself and its witness what was touched:</p>
          <Command>countersign log audit</Command>
        </>
      )}
    </Notice>
  );
}
