import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { PAGE_SIZE } from "../../shared/api/keyset.js";
import { routes } from "../../shared/routes.js";
import { count } from "../../shared/ui/format.js";
import { Page } from "../../shared/ui/page.js";
import { Panel } from "../../shared/ui/panel.js";
import { Rows } from "../../shared/ui/rows/rows.js";
import { Empty, Failure, Loaded } from "../../shared/ui/state.js";
import { useAssets } from "./api/get-assets.js";
import { COLUMNS } from "./columns.js";
import { useFilter } from "./filter.js";
import { FilterBar } from "./filter-bar.js";
import styles from "./inventory.module.css";
import { SavedFilters } from "./saved.js";

export function InventoryPage(): ReactNode {
  const { filter, put, set } = useFilter();
  const [, go] = useLocation();
  const assets = useAssets(filter);
  const empty = Object.keys(filter).length === 0;
  return (
    <Page
      title="Inventory"
      lead="Every model, dataset, system, vendor and what else belongs to them: declared as code, or admitted here."
      action={
        <div className={styles.acts}>
          <Button variant="default" renderRoot={(props) => <Link {...props} href={routes.concentration} />}>
            Supply
          </Button>
          <Button renderRoot={(props) => <Link {...props} href={routes.apply} />}>Apply documents</Button>
        </div>
      }
    >
      <FilterBar filter={filter} put={put} offers={offersOf(assets)} />
      <SavedFilters filter={filter} set={set} />
      <Panel title={<span role="status">{sizeOf(assets)}</span>} flush>
        <div className={styles.list}>
          {assets.error !== null && assets.data !== undefined && (
            <Failure error={assets.error} retry={assets.refetch} />
          )}
          <Loaded of={assets} rows={10}>
            {() =>
              assets.count === 0 ? (
                <Empty title={empty ? "The inventory is empty" : "Nothing matches"}>
                  {empty ? (
                    <Link href={routes.apply}>Apply a first document</Link>
                  ) : (
                    <Button size="xs" variant="default" onClick={() => set({})}>
                      Show everything
                    </Button>
                  )}
                </Empty>
              ) : (
                <Rows
                  key={JSON.stringify(filter)}
                  label="Assets"
                  columns={COLUMNS}
                  count={assets.count}
                  more={assets.more}
                  row={assets.row}
                  onSee={assets.see}
                  onOpen={({ kind, name }) => go(routes.asset(kind, name))}
                  stale={assets.stale}
                  above={340}
                />
              )
            }
          </Loaded>
        </div>
      </Panel>
    </Page>
  );
}

const LOOKED_AT = 100;

/** Tags and owners of the first assets there are: enough to pick from, and the rest can be typed. */
const offersOf = ({
  count: known,
  row,
}: ReturnType<typeof useAssets>): { tags: string[]; owners: string[] } => {
  const first = Array.from({ length: Math.min(known, LOOKED_AT) }, (_, at) => row(at));
  const tags = first.flatMap((asset) =>
    Object.entries(asset?.tags ?? {}).flatMap(([name, value]) =>
      name === "owner" ? [] : [`${name}=${value}`],
    ),
  );
  const owners = first.map((asset) => asset?.owner ?? "").filter((owner) => owner !== "");
  return { tags: [...new Set(tags)].sort(), owners: [...new Set(owners)].sort() };
};

/** Said once, not with every page that scrolling brings. */
const sizeOf = ({ data, count: known, more }: ReturnType<typeof useAssets>): string => {
  if (data === undefined) return "Assets";
  return more || known > PAGE_SIZE ? `More than ${count(PAGE_SIZE, "asset")}` : count(known, "asset");
};
