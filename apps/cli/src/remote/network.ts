/**
 * The thread that fetches while the scanner, which reads synchronously, waits. It is JavaScript in a text because a thread that is
 * started from a file would need a loader where the sources run unbuilt.
 *
 * It serves one file after the other; which one, `port` tells. `control` (Int32Array): 0 a request is waiting, 1 an answer is there, 2 how many bytes, -1 or -2 (changed), 3 the length asked for;
 * `position` (BigInt64Array): 0 the offset asked for, 1 bytes fetched in all.
 */
export const NETWORK_THREAD = `
const { receiveMessageOnPort, workerData } = require("node:worker_threads");
const { port, control, position, data } = workerData;
let file;
async function ask(from, wanted) {
  const { url, headers, etag, size, patienceMs } = file;
  const stop = new AbortController();
  let timer = setTimeout(() => stop.abort(), patienceMs);
  try {
    const to = from + wanted - 1;
    const response = await fetch(url, { headers: { ...headers, range: "bytes=" + from + "-" + to }, signal: stop.signal });
    if (response.status >= 500 || response.status === 429) return undefined;
    if (url.startsWith("https:") && !response.url.startsWith("https:")) return -1;
    const [, start, end, total] = /^bytes (\\d+)-(\\d+)\\/(\\d+|\\*)$/.exec(response.headers.get("content-range") ?? "") ?? [];
    if (response.status !== 206 || Number(start) !== from || Number(end) !== to) return -1;
    const now = response.headers.get("etag") ?? response.headers.get("last-modified") ?? "";
    if ((etag !== "" && now !== etag) || (total !== "*" && Number(total) !== size)) return -2;
    let got = 0;
    for await (const chunk of response.body ?? []) {
      clearTimeout(timer);
      timer = setTimeout(() => stop.abort(), patienceMs);
      // It may send more than it said.
      if (got + chunk.length > wanted) return -1;
      data.set(chunk, got);
      got += chunk.length;
      position[1] += BigInt(chunk.length);
    }
    return got;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}
async function answer() {
  for (let attempt = 0; attempt < 3; attempt++) {
    if (attempt > 0) await new Promise((done) => setTimeout(done, 200 * 4 ** attempt));
    const got = await ask(Number(position[0]), control[3]);
    if (got !== undefined) return got;
  }
  return -1;
}
(async () => {
  for (;;) {
    Atomics.wait(control, 0, 0);
    for (let next; (next = receiveMessageOnPort(port)) !== undefined; ) file = next.message;
    control[2] = await answer();
    Atomics.store(control, 0, 0);
    Atomics.store(control, 1, 1);
    Atomics.notify(control, 1);
  }
})();
`;
