import type { AdmitResult, UploadInput } from "@countersign/api";
import { type UseMutationResult, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useClient } from "../../../shared/api/client.js";

export type Stage = "upload" | "queue" | "hash" | "scan" | "record";

export interface Progress {
  stage: Stage;
  done: number;
  total: number;
}

const STAGES: Record<string, Stage> = { hash: "hash", scan: "scan", record: "record" };
const LOOK_EVERY_MS = 150;

/** Not randomUUID: that one is missing where a console is served over plain HTTP. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );

interface Admit {
  run: UseMutationResult<AdmitResult, Error, UploadInput>;
  progress: Progress;
  cancel(): void;
}

const START: Progress = { stage: "upload", done: 0, total: 0 };

/** Uploads the files, then follows the job until there is a verdict. */
export const useAdmit = (): Admit => {
  const client = useClient();
  const queries = useQueryClient();
  const [progress, setProgress] = useState(START);
  const stop = useRef<AbortController>(undefined);
  const job = useRef("");
  const run = useMutation({
    mutationFn: async (input: UploadInput) => {
      setProgress(START);
      const controller = new AbortController();
      stop.current = controller;
      const { id } = await client.uploads.create(input, {
        signal: controller.signal,
        idempotencyKey: newKey(),
        onProgress: (done, total) => setProgress({ stage: "upload", done, total }),
      });
      job.current = id;
      setProgress({ stage: "queue", done: 0, total: 0 });
      const finished = await client.jobs.wait(id, {
        every: LOOK_EVERY_MS,
        onProgress: ({ progress: { step, done, total } }) => {
          const stage = STAGES[step];
          if (stage !== undefined) setProgress({ stage, done, total });
        },
      });
      return finished.result as AdmitResult;
    },
    onSettled: () => {
      job.current = "";
      return queries.invalidateQueries({ queryKey: [client.workspace] });
    },
  });
  const cancel = (): void => {
    if (job.current === "") stop.current?.abort(new Error("You stopped the upload. Nothing was recorded."));
    else void client.jobs.cancel(job.current);
  };
  return { run, progress, cancel };
};
