import type { ReactNode } from "react";
import { Route, Switch } from "wouter";
import { kindOf } from "../shared/api/kinds.js";
import { routes } from "../shared/routes.js";
import { Page } from "../shared/ui/page.js";
import { Empty } from "../shared/ui/state.js";
import { OverviewPage } from "./overview.js";
import { ApplyPage, AssetPage, ConcentrationPage, InventoryPage } from "./routes/inventory.js";
import { LineagePage } from "./routes/lineage.js";
import {
  DecisionPage,
  DecisionsPage,
  EntryPage,
  LogPage,
  VersionPage,
  VersionsPage,
} from "./routes/record.js";
import { CheatPage, PoliciesPage, TrustPage } from "./routes/rules.js";
import { ComparePage, RunPage, RunsPage } from "./routes/runs.js";
import { TracePage } from "./routes/trace.js";

export function Pages(): ReactNode {
  return (
    <Switch>
      <Route path={routes.overview} component={OverviewPage} />
      <Route path={routes.versions} component={VersionsPage} />
      <Route path="/versions/:subject">
        {({ subject }) => <VersionPage key={subject} subject={decodeURIComponent(subject)} />}
      </Route>
      <Route path={routes.inventory} component={InventoryPage} />
      <Route path={routes.apply}>
        <ApplyPage />
      </Route>
      <Route path={routes.concentration} component={ConcentrationPage} />
      <Route path="/inventory/:kind/:name">{({ kind, name }) => <Asset kind={kind} name={name} />}</Route>
      <Route path={routes.lineage} component={LineagePage} />
      <Route path={routes.runs} component={RunsPage} />
      <Route path="/runs/:id">{({ id }) => <RunPage key={id} id={decodeURIComponent(id)} />}</Route>
      <Route path="/compare" component={ComparePage} />
      <Route path={routes.trace} component={TracePage} />
      <Route path={routes.decisions} component={DecisionsPage} />
      <Route path="/decisions/:id">{({ id }) => <DecisionPage id={decodeURIComponent(id)} />}</Route>
      <Route path={routes.log} component={LogPage} />
      <Route path="/entries/:index">{({ index }) => <EntryPage key={index} index={Number(index)} />}</Route>
      <Route path={routes.policies} component={PoliciesPage} />
      <Route path={routes.trust} component={TrustPage} />
      <Route path={routes.cheat} component={CheatPage} />
      <Route>
        <Nowhere />
      </Route>
    </Switch>
  );
}

function Asset({ kind, name }: { kind: string; name: string }): ReactNode {
  const known = kindOf(kind);
  if (known === undefined) return <Nowhere />;
  return <AssetPage key={`${kind} ${name}`} kind={known} name={decodeURIComponent(name)} />;
}

function Nowhere(): ReactNode {
  return (
    <Page title="No such page">
      <Empty title="Nothing is kept at this address">
        <a href={routes.overview}>Go to the overview</a>
      </Empty>
    </Page>
  );
}
