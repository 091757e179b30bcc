// Runs beside a fuzzing process: when one input takes too long, it writes the input down and ends the process.
import { writeFileSync } from "node:fs";
import { workerData } from "node:worker_threads";

const status = new Int32Array(workerData.shared, 0, 2);
const current = new Uint8Array(workerData.shared, 8);
const LIMIT = 30_000;
let last = -1;
let since = Date.now();

setInterval(() => {
  if (status[0] !== last) {
    last = status[0];
    since = Date.now();
  } else if (Date.now() - since > LIMIT) {
    writeFileSync(workerData.file, current.subarray(0, status[1]));
    process.kill(process.pid, "SIGKILL");
  }
}, 1000);
