/**
 * The thread that fetches while the scanner, which reads synchronously, waits. It is JavaScript in a text because a thread that is
 * started from a file would need a loader where the sources run unbuilt.
 *
 * `control` (Int32Array): 0 a request is waiting, 1 an answer is there, 2 how many bytes or -1, 3 the length asked for; `position`
 * (BigInt64Array): 0 the offset asked for, 1 bytes fetched in all.
 */
export const NETWORK_THREAD = `
const { workerData } = require("node:worker_threads");
const { url, headers, etag, control, position, data } = workerData;
async function answer() {
  const from = Number(position[0]), to = from + control[3] - 1;
  for (let attempt = 0; attempt < 3; attempt++) {
    if (attempt > 0) await new Promise((done) => setTimeout(done, 200 * 4 ** attempt));
    try {
      const response = await fetch(url, { headers: { ...headers, range: "bytes=" + from + "-" + to } });
      if (response.status >= 500 || response.status === 429) { await response.body?.cancel(); continue; }
      const range = (response.headers.get("content-range") ?? "").startsWith("bytes " + from + "-");
      const same = etag === "" || response.headers.get("etag") === etag;
      if (response.status !== 206 || !range || !same) { await response.body?.cancel(); return -1; }
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (bytes.length > data.length) return -1;
      data.set(bytes);
      position[1] += BigInt(bytes.length);
      return bytes.length;
    } catch {}
  }
  return -1;
}
(async () => {
  for (;;) {
    Atomics.wait(control, 0, 0);
    control[2] = await answer();
    Atomics.store(control, 0, 0);
    Atomics.store(control, 1, 1);
    Atomics.notify(control, 1);
  }
})();
`;
