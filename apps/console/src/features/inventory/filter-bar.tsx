import type { AssetFilter } from "@countersign/api";
import { NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback, useHotkeys } from "@mantine/hooks";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { KINDS } from "../../shared/api/kinds.js";
import { IconSearch } from "../../shared/ui/icons.js";
import styles from "./inventory.module.css";

interface FilterBarProps {
  filter: AssetFilter;
  put(changes: { query?: string; kind?: string; tag?: string; owner?: string; declared?: string }): void;
  /** What is offered while a tag or an owner is typed. */
  offers: { tags: string[]; owners: string[] };
}

const DECLARED = [
  { value: "", label: "Declared or not" },
  { value: "true", label: "Declared" },
  { value: "false", label: "Not declared" },
];

export function FilterBar({ filter, put, offers }: FilterBarProps): ReactNode {
  return (
    <search className={styles.bar}>
      <Search value={filter.query ?? ""} onSettle={(query) => put({ query })} />
      <NativeSelect
        label="Kind"
        data={[{ value: "", label: "Every kind" }, ...KINDS.map((kind) => ({ value: kind, label: kind }))]}
        value={filter.kind ?? ""}
        onChange={({ currentTarget }) => put({ kind: currentTarget.value })}
      />
      <Exact
        key={`tag ${filter.tag}`}
        label="Tag"
        placeholder="sensitivity=restricted"
        value={filter.tag ?? ""}
        offers={offers.tags}
        valid={(tag) => tag === "" || /^[^=]+=.+$/.test(tag)}
        onSettle={(tag) => put({ tag })}
      />
      <Exact
        key={`owner ${filter.owner}`}
        label="Owner"
        placeholder="Anybody"
        value={filter.owner ?? ""}
        offers={offers.owners}
        valid={() => true}
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

interface SearchProps {
  value: string;
  onSettle(value: string): void;
}

/** Asks while one types, but not for every letter. */
const SETTLE_MS = 100;

function Search({ value, onSettle }: SearchProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  useHotkeys([["/", () => input.current?.focus()]]);
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
      label="Search"
      placeholder="Name, title, owner or digest, press /"
      leftSection={<IconSearch size={15} />}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        settle(currentTarget.value);
      }}
    />
  );
}

interface ExactProps extends SearchProps {
  label: string;
  placeholder: string;
  offers: string[];
  valid(value: string): boolean;
}

/** Half a tag matches nothing: asked for when it is chosen, or complete with Enter. */
function Exact({ label, placeholder, value, offers, valid, onSettle }: ExactProps): ReactNode {
  const id = useId();
  const [text, setText] = useState(value);
  const settle = (now: string): void => {
    if (now.trim() !== value && valid(now.trim())) onSettle(now.trim());
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        settle(text);
      }}
    >
      <TextInput
        type="search"
        label={label}
        placeholder={placeholder}
        list={id}
        autoComplete="off"
        value={text}
        error={!valid(text.trim()) && text !== "" && !offers.some((offer) => offer.startsWith(text))}
        onBlur={() => settle(text)}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          if (currentTarget.value === "" || offers.includes(currentTarget.value)) settle(currentTarget.value);
        }}
      />
      <datalist id={id}>
        {offers.map((offer) => (
          <option key={offer} value={offer} />
        ))}
      </datalist>
    </form>
  );
}
