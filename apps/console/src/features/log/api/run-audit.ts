import type { AuditReport } from "@countersign/api";
import { type UseMutationResult, useMutation } from "@tanstack/react-query";
import { useClient } from "../../../shared/api/client.js";

export const useAudit = (): UseMutationResult<AuditReport, Error, void> => {
  const client = useClient();
  return useMutation({ mutationFn: () => client.log.audit() });
};
