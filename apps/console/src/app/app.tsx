import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { SessionGate } from "../features/session/gate.js";
import { Boundary } from "./boundary.js";
import { Pages } from "./pages.js";
import { createQueries } from "./queries.js";
import { Shell } from "./shell.js";
import { resolver, theme } from "./theme.js";

export function App(): ReactNode {
  const [queries] = useState(createQueries);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={resolver} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Boundary>
          <SessionGate>
            <Shell>
              <Pages />
            </Shell>
          </SessionGate>
        </Boundary>
      </QueryClientProvider>
    </MantineProvider>
  );
}
