/** Calls MLflow's protocol as its clients do: JSON bodies, GET with a query, and the answer whatever its status. */
export interface MlflowCaller {
  call(path: string, body?: object, method?: string): Promise<MlflowAnswer>;
  /** A run of the default experiment. */
  run(name?: string): Promise<string>;
  put(path: string, bytes: Uint8Array | string): Promise<MlflowAnswer>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
}

export interface MlflowAnswer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers of a protocol that has no types here
  body: any;
}

const READS =
  /\/(get|get-by-name|list|get-history|get-history-bulk|get-history-bulk-interval|server-info)$|-artifacts\/artifacts$|artifacts\/list$/;

export function mlflowCaller(url: string, token: string, root = "/api/2.0"): MlflowCaller {
  const authorization = `Bearer ${token}`;
  const answer = async (response: Response): Promise<MlflowAnswer> => ({
    status: response.status,
    body: await response.json(),
  });
  const call: MlflowCaller["call"] = async (path, body = {}, method) => {
    const verb = method ?? (READS.test(path) ? "GET" : "POST");
    if (verb !== "GET") {
      const headers = { authorization, "content-type": "application/json" };
      return answer(
        await fetch(`${url}${root}${path}`, { method: verb, headers, body: JSON.stringify(body) }),
      );
    }
    const query = new URLSearchParams(
      Object.entries(body).flatMap(([name, value]) =>
        (Array.isArray(value) ? value : [value]).map((item): [string, string] => [name, String(item)]),
      ),
    );
    return answer(await fetch(`${url}${root}${path}?${query}`, { headers: { authorization } }));
  };
  return {
    call,
    run: async (name) =>
      (await call("/mlflow/runs/create", { experiment_id: "0", run_name: name, start_time: 1 })).body.run.info
        .run_id,
    put: async (path, body) => {
      const init = {
        method: "PUT",
        headers: { authorization },
        body: typeof body === "string" ? body : new Uint8Array(body),
      };
      return answer(await fetch(`${url}${root}/mlflow-artifacts/artifacts/${path}`, init));
    },
    get: (path, headers = {}) =>
      fetch(`${url}${root}/mlflow-artifacts/artifacts/${path}`, { headers: { authorization, ...headers } }),
  };
}
