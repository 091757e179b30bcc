import type { AssetFilter } from "@countersign/api";
import { ActionIcon, Button, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { IconCross } from "../../shared/ui/icons.js";
import { Failure } from "../../shared/ui/state.js";
import { useFilters, useRemoveFilter, useSaveFilter } from "./api/filters.js";
import { sameFilter } from "./filter.js";
import styles from "./inventory.module.css";

interface SavedFiltersProps {
  filter: AssetFilter;
  set(filter: AssetFilter): void;
}

/** The reader's own filters, and a way to keep the present one. */
export function SavedFilters({ filter, set }: SavedFiltersProps): ReactNode {
  const filters = useFilters();
  const remove = useRemoveFilter();
  const items = filters.data?.items ?? [];
  const savable = Object.keys(filter).length > 0 && !items.some((item) => sameFilter(item.filter, filter));
  const error = remove.error ?? filters.error;
  return (
    <div className={styles.saved}>
      <span className={styles.dim}>Saved filters</span>
      {items.length === 0 && !savable && (
        <span className={styles.dim}>none yet: filter, then save it here</span>
      )}
      <ul className={styles.filters}>
        {items.map(({ id, name, filter: kept }) => (
          <li key={id} data-on={sameFilter(kept, filter) || undefined}>
            <button type="button" aria-pressed={sameFilter(kept, filter)} onClick={() => set(kept)}>
              {name}
            </button>
            <ActionIcon
              variant="transparent"
              color="gray"
              size="xs"
              aria-label={`Remove the saved filter ${name}`}
              onClick={() => remove.mutate(id)}
            >
              <IconCross size={12} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      {savable && <SaveFilter filter={filter} />}
      {error !== null && <Failure error={error} />}
    </div>
  );
}

function SaveFilter({ filter }: { filter: AssetFilter }): ReactNode {
  const [name, setName] = useState<string>();
  const save = useSaveFilter();
  if (name === undefined) {
    return (
      <Button size="compact-xs" variant="subtle" onClick={() => setName("")}>
        Save this filter
      </Button>
    );
  }
  return (
    <form
      className={styles.save}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ name: name.trim(), filter }, { onSuccess: () => setName(undefined) });
      }}
    >
      <TextInput
        size="xs"
        aria-label="Name of the filter"
        placeholder="Name of the filter"
        maxLength={128}
        autoFocus
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        error={save.error?.message}
      />
      <Button size="xs" type="submit" loading={save.isPending} disabled={name.trim() === ""}>
        Save
      </Button>
      <Button size="xs" variant="default" onClick={() => setName(undefined)}>
        Cancel
      </Button>
    </form>
  );
}
