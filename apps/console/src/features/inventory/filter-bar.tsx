import type { AssetFilter } from "@countersign/api";
import { NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback, useHotkeys } from "@mantine/hooks";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { KINDS } from "../../shared/api/kinds.js";
import { IconSearch } from "../../shared/ui/icons.js";
import styles from "./inventory.module.css";

interface FilterBarProps {
  filter: AssetFilter;
  put(changes: { query?: string; kind?: string; tag?: string; owner?: string; declared?: string }): void;
}

const DECLARED = [
  { value: "", label: "Declared or not" },
  { value: "true", label: "Declared" },
  { value: "false", label: "Not declared" },
];

export function FilterBar({ filter, put }: FilterBarProps): ReactNode {
  const search = useRef<HTMLInputElement>(null);
  useHotkeys([["/", () => search.current?.focus()]]);
  return (
    <search className={styles.bar}>
      <Typed
        input={search}
        label="Search"
        placeholder="Name, title, owner or digest, press /"
        value={filter.query ?? ""}
        onSettle={(query) => put({ query })}
      />
      <NativeSelect
        label="Kind"
        data={[{ value: "", label: "Every kind" }, ...KINDS.map((kind) => ({ value: kind, label: kind }))]}
        value={filter.kind ?? ""}
        onChange={({ currentTarget }) => put({ kind: currentTarget.value })}
      />
      <Typed
        label="Tag"
        placeholder="sensitivity=restricted"
        value={filter.tag ?? ""}
        onSettle={(tag) => put({ tag })}
      />
      <Typed
        label="Owner"
        placeholder="Anybody"
        value={filter.owner ?? ""}
        onSettle={(owner) => put({ owner })}
      />
      <NativeSelect
        label="Document"
        data={DECLARED}
        value={filter.declared === undefined ? "" : String(filter.declared)}
        onChange={({ currentTarget }) => put({ declared: currentTarget.value })}
      />
    </search>
  );
}

interface TypedProps {
  label: string;
  placeholder: string;
  value: string;
  onSettle(value: string): void;
  input?: React.Ref<HTMLInputElement>;
}

/** Asks while one types, but not for every letter. */
const SETTLE_MS = 100;

function Typed({ label, placeholder, value, onSettle, input }: TypedProps): ReactNode {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const settle = useDebouncedCallback((now: string) => {
    sent.current = now.trim();
    onSettle(sent.current);
  }, SETTLE_MS);
  // What came from elsewhere, such as a saved filter, replaces what was typed.
  useEffect(() => {
    if (value !== sent.current) setText(value);
    sent.current = value;
  }, [value]);
  return (
    <TextInput
      ref={input}
      type="search"
      label={label}
      placeholder={placeholder}
      leftSection={input === undefined ? undefined : <IconSearch size={15} />}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        settle(currentTarget.value);
      }}
    />
  );
}
