import type { AssetKind } from "@countersign/api";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useClient } from "../api/client.js";
import { count } from "../ui/format.js";
import { type Choice, Picker } from "../ui/picker.js";
import { KindIcon } from "./icon.js";

const CHOICES = 12;
const KEY = /^(sha256:[0-9a-f]{64}|(asset|run|job|deployment|external):.+)$/;

interface SubjectPickerProps {
  label: string;
  /** What is chosen now, as people call it. */
  value: string;
  kind?: AssetKind;
  onPick(subject: string): void;
}

/** Finds a node of the lineage graph by the name of its asset; a digest or a node's key can be pasted. */
export function SubjectPicker({ label, value, kind, onPick }: SubjectPickerProps): ReactNode {
  const [typed, setTyped] = useState<string>();
  const text = typed ?? value;
  const [asked] = useDebouncedValue(typed === undefined ? "" : text.trim(), 120);
  const { data } = useFound(KEY.test(asked) ? "" : asked, kind);
  const pasted: Choice[] = KEY.test(text.trim())
    ? [{ value: text.trim(), label: text.trim(), note: "Exactly this one" }]
    : [];
  return (
    <Picker
      label={label}
      placeholder="Name, or paste a digest"
      text={text}
      onText={setTyped}
      choices={[...pasted, ...(data ?? [])]}
      none={asked === "" ? "Nothing is in the inventory yet" : `Nothing matches “${asked}”`}
      onPick={(choice) => {
        setTyped(undefined);
        onPick(choice.value);
      }}
    />
  );
}

const useFound = (query: string, kind: AssetKind | undefined) => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "subjects", query, kind],
    queryFn: async ({ signal }): Promise<Choice[]> => {
      const { items } = await client.assets.list(
        { limit: CHOICES, ...(query === "" ? {} : { query }), ...(kind === undefined ? {} : { kind }) },
        { signal },
      );
      return items.map((asset) => ({
        value: `asset:${asset.kind}/${asset.name}`,
        label: asset.title || asset.name,
        note: `${asset.kind} ${asset.title === "" ? "" : asset.name}${asset.versions === 0 ? "" : ` · ${count(asset.versions, "version")}`}`,
        icon: <KindIcon kind={asset.kind} />,
      }));
    },
    placeholderData: keepPreviousData,
  });
};
