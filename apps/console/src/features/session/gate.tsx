import { createClient } from "@countersign/api";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { ClientContext } from "../../shared/api/client.js";
import { Failure } from "../../shared/ui/state.js";
import { useSession } from "./api/get-session.js";
import { useOpenSession } from "./api/open-session.js";
import { codeIn, withoutCode } from "./code.js";
import { SignIn } from "./sign-in.js";

/** Lets through who has a session; a login link is exchanged for one first. */
export function SessionGate({ children }: { children: ReactNode }): ReactNode {
  const [code] = useState(() => codeIn(location.href));
  const session = useSession();
  const opening = useOpenSession();
  const exchange = opening.mutate;
  const asked = useRef(false);
  useEffect(() => {
    if (code === "" || asked.current) return;
    asked.current = true;
    history.replaceState(null, "", withoutCode(location.href));
    exchange(code);
  }, [code, exchange]);
  const workspace = session.data?.workspaces[0] ?? "default";
  const client = useMemo(() => createClient({ workspace }), [workspace]);

  if (session.data) return <ClientContext value={client}>{children}</ClientContext>;
  if (session.isPending || opening.isPending) return <Waiting />;
  if (session.error !== null) {
    return (
      <main style={{ padding: 24, maxWidth: 640, margin: "10vh auto" }}>
        <Failure error={session.error} retry={() => void session.refetch()} />
      </main>
    );
  }
  return <SignIn refused={opening.error} pending={opening.isPending} exchange={exchange} />;
}

function Waiting(): ReactNode {
  return (
    <main>
      <span className="visually-hidden" role="status">
        Signing in
      </span>
    </main>
  );
}
