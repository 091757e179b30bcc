import type { AssetDetail, AssetKind } from "@countersign/api";
import { Button, Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, useSearchParams } from "wouter";
import { useAsset } from "../../shared/api/get-asset.js";
import { routes } from "../../shared/routes.js";
import { Notice } from "../../shared/ui/notice.js";
import { Page } from "../../shared/ui/page.js";
import { Loaded } from "../../shared/ui/state.js";
import styles from "./asset.module.css";
import { Dataset } from "./dataset.js";
import { Document } from "./document.js";
import { Glance } from "./glance.js";
import { History } from "./history.js";
import { References } from "./references.js";
import { Standing } from "./standing.js";
import { Suppliers } from "./suppliers.js";
import { VendorPanel } from "./vendor.js";
import { Versions } from "./versions.js";

interface AssetPageProps {
  kind: AssetKind;
  name: string;
}

export function AssetPage({ kind, name }: AssetPageProps): ReactNode {
  const asset = useAsset(kind, name);
  const key = `asset:${kind}/${name}`;
  return (
    <Page
      title={asset.data?.title || name}
      badge={asset.data && <Standing asset={asset.data} />}
      lead={
        <span className={styles.lead}>
          <Link href={routes.inventory}>Inventory</Link>
          <Link href={`${routes.inventory}?kind=${kind}`}>{kind}</Link>
          <code>{name}</code>
        </span>
      }
      action={
        <div className={styles.acts}>
          <Button variant="default" renderRoot={(props) => <Link {...props} href={routes.lineageOf(key)} />}>
            Lineage
          </Button>
          <Button variant="default" renderRoot={(props) => <Link {...props} href={routes.traceOf(key)} />}>
            What did it reach?
          </Button>
        </div>
      }
    >
      <Loaded of={asset} rows={9}>
        {(data) => (
          <>
            {data.cycle.length > 0 && (
              <Notice tone="wait" title="It refers to itself in a circle">
                {data.cycle.join(" → ")}
              </Notice>
            )}
            <Glance asset={data} />
            {kind === "Vendor" && <VendorPanel name={name} />}
            <Sections asset={data} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Sections({ asset }: { asset: AssetDetail }): ReactNode {
  const [params, setParams] = useSearchParams();
  const references = asset.references.out.length + asset.references.in.length;
  const tabs = [
    ...(asset.kind === "Dataset"
      ? [{ key: "data", label: "Data", count: undefined, body: <Dataset name={asset.name} /> }]
      : []),
    { key: "versions", label: "Versions", count: asset.versions, body: <Versions asset={asset} /> },
    { key: "references", label: "Connections", count: references, body: <References asset={asset} /> },
    {
      key: "suppliers",
      label: "Suppliers",
      count: asset.suppliers.length,
      body: <Suppliers suppliers={asset.suppliers} />,
    },
    { key: "document", label: "Document", count: undefined, body: <Document asset={asset} /> },
    { key: "history", label: "History", count: asset.history.length, body: <History asset={asset} /> },
  ].filter(({ key, count }) => (key !== "suppliers" && key !== "versions") || count !== 0);
  const chosen = params.get("tab");
  const value = tabs.find(({ key }) => key === chosen)?.key ?? tabs[0]?.key ?? "document";
  return (
    <Tabs
      value={value}
      onChange={(tab) => setParams({ tab: tab ?? "document" }, { replace: true })}
      keepMounted={false}
      className={styles.tabs}
    >
      <Tabs.List aria-label="What is known about this asset" className={styles.tablist}>
        {tabs.map(({ key, label, count }) => (
          <Tabs.Tab key={key} value={key}>
            {label} {count !== undefined && <span className={styles.count}>{count}</span>}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ key, body }) => (
        <Tabs.Panel key={key} value={key} pt="md">
          {body}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
