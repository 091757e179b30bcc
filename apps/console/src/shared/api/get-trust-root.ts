import { useQuery } from "@tanstack/react-query";
import { useClient } from "./client.js";

interface TrustedKey {
  keyId: string;
  pem: string;
  principal: string;
  roles: string[];
  validFrom?: number;
  validUntil?: number;
}

export interface TrustRule {
  role: string;
  predicates: string[];
  environments?: string[];
}

/** The document inside a trust root; the API hands it on as it was signed. */
export interface TrustRootDocument {
  version: number;
  workspace: string;
  previous: string | null;
  validFrom: number;
  validUntil: number;
  keys: TrustedKey[];
  rules: TrustRule[];
  revokers: string[];
  compromised: { keyId: string; fromIndex: number }[];
  rootKeys: string[];
}

export const useTrustRoot = () => {
  const client = useClient();
  return useQuery({
    queryKey: [client.workspace, "trust-root"],
    queryFn: async ({ signal }) => {
      const view = await client.trustRoot.get({ signal });
      return { ...view, root: view.root as TrustRootDocument };
    },
  });
};
