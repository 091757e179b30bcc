import type { ReactNode } from "react";
import { Route, Switch } from "wouter";
import { CheatPage } from "../features/cheat/page.js";
import { DecisionsPage } from "../features/decisions/list.js";
import { DecisionPage } from "../features/decisions/page.js";
import { EntryPage } from "../features/log/entry-page.js";
import { LogPage } from "../features/log/page.js";
import { PoliciesPage } from "../features/policies/page.js";
import { TrustPage } from "../features/trust/page.js";
import { VersionsPage } from "../features/versions/list.js";
import { VersionPage } from "../features/versions/page.js";
import { routes } from "../shared/routes.js";
import { Page } from "../shared/ui/page.js";
import { Empty } from "../shared/ui/state.js";
import { OverviewPage } from "./overview.js";

export function Pages(): ReactNode {
  return (
    <Switch>
      <Route path={routes.overview} component={OverviewPage} />
      <Route path={routes.versions} component={VersionsPage} />
      <Route path="/versions/:subject">
        {({ subject }) => <VersionPage key={subject} subject={decodeURIComponent(subject)} />}
      </Route>
      <Route path={routes.decisions} component={DecisionsPage} />
      <Route path="/decisions/:id">{({ id }) => <DecisionPage id={decodeURIComponent(id)} />}</Route>
      <Route path={routes.log} component={LogPage} />
      <Route path="/entries/:index">{({ index }) => <EntryPage key={index} index={Number(index)} />}</Route>
      <Route path={routes.policies} component={PoliciesPage} />
      <Route path={routes.trust} component={TrustPage} />
      <Route path={routes.cheat} component={CheatPage} />
      <Route>
        <Page title="No such page">
          <Empty title="Nothing is kept at this address">
            <a href={routes.overview}>Go to the overview</a>
          </Empty>
        </Page>
      </Route>
    </Switch>
  );
}
