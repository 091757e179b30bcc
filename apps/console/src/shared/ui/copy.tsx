import { ActionIcon, CopyButton } from "@mantine/core";
import type { ReactNode } from "react";
import { IconCheck, IconCopy } from "./icons.js";

interface CopyProps {
  value: string;
  what: string;
}

export function Copy({ value, what }: CopyProps): ReactNode {
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          style={{ color: "var(--dim)" }}
          onClick={copy}
          aria-label={copied ? "Copied" : `Copy ${what}`}
          title={copied ? "Copied" : `Copy ${what}`}
        >
          {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
        </ActionIcon>
      )}
    </CopyButton>
  );
}
