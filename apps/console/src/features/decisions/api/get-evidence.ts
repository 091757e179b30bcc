import { type UseMutationResult, useMutation } from "@tanstack/react-query";
import { useClient } from "../../../shared/api/client.js";
import { save } from "../../../shared/ui/save.js";

/** Downloads everything that an outsider needs to check the decision offline. */
export const useSaveEvidence = (): UseMutationResult<void, Error, { id: string; name: string }> => {
  const client = useClient();
  return useMutation({
    mutationFn: async ({ id, name }) => {
      const evidence = await client.decisions.evidence(id);
      save(`${name.replaceAll(/[^\w.-]+/g, "-")}.evidence.json`, `${JSON.stringify(evidence, null, 2)}\n`);
    },
  });
};
